internal import Core
internal import Foundation

/// One entry of a log (DSP2046 `LogEntry`).
struct LogEntry {
    let id: String?
    let severity: Health?
    let message: String?
    /// When it was written, by the BMC's clock.
    let created: Date?
    /// Whether it says of itself that it is over.
    let isResolved: Bool
    /// Whether it tells that something has ended: IPMI's deassertion, or a sensor that is well.
    let endsSubject: Bool
    /// What it is about, so that its end can be told from that of others; nil if not known.
    let subject: String?

    init(_ json: JSON) {
        id = json.text("Id")
        severity = Status.health(json.text("Severity") ?? json.text("MessageSeverity"))
        message = json.text("Message") ?? json.text("MessageId") ?? json.text("Name")
        created =
            ["Created", "EventTimestamp", "Modified"].lazy.compactMap { json.text($0) }
            .compactMap { Date(redfish: $0) }.first
        isResolved = json["Resolved"]?.bool == true || json.isRepairedEntry
        subject = Self.subject(of: json)
        let isDeassertion = json.text("EntryCode")?.lowercased().contains("deassert") == true
        endsSubject = isDeassertion || severity == .ok
    }

    /// The sensor or part: by the number that IPMI gives it, by its link, or by its name in a
    /// message about sensors (DSP2065, `SensorEvent`; OpenBMC's `SensorThreshold…`).
    ///
    /// One number may stand for all memory modules, and 0 for whatever has none; a link may lead to
    /// what holds many parts. Then the parts that the message names tell them apart.
    private static func subject(of json: JSON) -> String? {
        if let number = json.numeric("SensorNumber") {
            let type = json.text("SensorType") ?? ""
            let isOfOne = number != 0 && measured.contains(type.lowercased())
            return "\(number) \(type)" + (isOfOne ? "" : " " + partNames(in: json))
        }
        let origin =
            json["Links"]?.link("OriginOfCondition") ?? json.link("OriginOfCondition")
        // A system or a chassis is too much to be well again: /redfish/v1/Systems/1.
        let segments = (origin ?? "").lowercased().split(separator: "/")
        if let origin, let last = segments.last, segments.count > 4 || origin.contains("#") {
            return origin.lowercased()
                + (holders.contains(String(last)) ? " " + partNames(in: json) : "")
        }
        guard let message = json.text("MessageId"), message.contains("Sensor"),
            let name = json["MessageArgs"]?[0]?.string, !name.isEmpty
        else { return nil }
        return "sensor \(name)"
    }

    /// Types of sensors each of which measures one thing (DSP2046 `LogEntry.SensorType`).
    private static let measured: Set = ["temperature", "voltage", "current", "fan"]

    /// What holds many parts, as the last part of a link.
    private static let holders: Set = [
        "drives", "logservices", "memory", "networkadapters", "networkinterfaces", "pciedevices",
        "power", "powersubsystem", "processors", "sensors", "simplestorage", "storage", "thermal",
        "thermalsubsystem", "volumes",
    ]

    /// The words of a message that look like a part's name: `A1`, `B`, `CPU2`.
    private static func partNames(in json: JSON) -> String {
        let texts =
            [json.text("Message")].compactMap(\.self) + (json.texts("MessageArgs") ?? [])
        let words = texts.flatMap { $0.split { !($0.isLetter || $0.isNumber) } }
        let names = words.filter { word in
            word.contains(where: \.isNumber) || word.count == 1 && word.allSatisfy(\.isUppercase)
        }
        return Set(names.map { $0.lowercased() }).sorted().joined(separator: " ")
    }

    /// Whether it was written after another of the same second, as far as their numbers tell.
    func isAfter(_ other: LogEntry) -> Bool {
        guard let own = id.flatMap({ Int($0) }), let others = other.id.flatMap({ Int($0) }) else {
            return false
        }
        return own > others
    }
}

extension Date {
    /// Reads `DateTime` values as services write them (DSP0266, date-time values): with or without
    /// a zone, which is UTC then, with or without fractions, with a blank for the `T`.
    init?(redfish text: String) {
        var text = text.trimmingCharacters(in: .whitespaces)
        guard text.utf8.count >= 19 else { return nil }
        let position = text.index(text.startIndex, offsetBy: 10)
        if text[position] == " " { text.replaceSubrange(position...position, with: "T") }
        let seconds = text.prefix(19)
        var zone = text.dropFirst(19)
        if zone.first == "." { zone = zone.dropFirst().drop { $0.isNumber } }
        if zone.isEmpty { zone = "Z" }
        // `+0100`, as some write it.
        if zone.count == 5, let sign = zone.first, "+-".contains(sign) {
            zone = zone.prefix(3) + ":" + zone.suffix(2)
        }
        guard let date = Date(timestamp: "\(seconds)\(zone)") else { return nil }
        self = date
    }
}
