internal import Foundation

extension HistoryEvent {
    /// As history files and commands have it.
    public var json: JSON {
        [
            "Date": .string(date.timestamp), "Device": .string(device), "Instance": JSON(instance),
            "Kind": .string(kind.rawValue), "Cause": .string(cause),
        ]
    }

    /// Reads what ``json`` writes; nil if it is something else.
    public init?(json: JSON) {
        guard let date = json["Date"]?.string.flatMap(Date.init(timestamp:)),
            let device = json["Device"]?.string,
            let kind = json["Kind"]?.string.flatMap(Kind.init(rawValue:))
        else { return nil }
        self.init(
            date: date, device: device, instance: json["Instance"]?.string, kind: kind,
            cause: json["Cause"]?.string ?? "")
    }
}
