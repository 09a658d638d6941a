internal import Core

/// What an event payload (DSP2046 `Event`; DSP0266, "Server-sent events") means to us.
enum EventNotice: Sendable, Hashable {
    /// Something that a look at the BMC's devices may find: why, for a person.
    case alert(String)
    /// Anything else: a metric report, a login, a task's progress.
    case routine
    /// Not JSON, or no object and none in it.
    case malformed

    /// How many records of one event are read: a BMC that sends more has said enough.
    static let maximumRecords = 1000

    /// - Parameter mask: takes the secrets out of what is shown.
    init(_ data: [UInt8], _ mask: SecretMask = .none) {
        guard let json = try? JSON(lenient: data, maximumValues: AnswerSize.resource.values),
            (json.array ?? [json]).contains(where: { $0.object != nil })
        else {
            self = .malformed
            return
        }
        for record in Self.records(in: json).prefix(Self.maximumRecords) where Self.isAlert(record)
        {
            self = .alert(Self.text(of: mask.masked(record)))
            return
        }
        self = .routine
    }

    /// `Events`, or what stands for it: one record without the array around it, an array of records
    /// alone, or what an older service sends, one record at the top.
    private static func records(in json: JSON) -> [JSON] {
        if let records = json.array ?? json["Events"]?.array { return records }
        if let record = json["Events"] { return [record] }
        let says = ["Severity", "MessageSeverity", "EventType", "MessageId", "Message"]
        return says.contains { json[$0] != nil } ? [json] : []
    }

    /// Whether a record gives reason for a look. Of what says nothing of its weight nobody can say
    /// that it is routine: NVIDIA's and Wiwynn's events have neither severity nor type, others'
    /// nothing at all.
    private static func isAlert(_ record: JSON) -> Bool {
        guard !record.isNull else { return false }
        // MessageSeverity takes Severity's place since Event v1.5.
        let severities = ["MessageSeverity", "Severity"].compactMap { record.text($0) }
        if severities.contains(where: { ["critical", "warning"].contains($0.lowercased()) }) {
            return true
        }
        // Deprecated since Event v1.3, and all that some services say.
        if record.text("EventType")?.lowercased() == "statuschange" { return true }
        let messageID = record.text("MessageId") ?? ""
        if isChangeOfState(messageID) { return true }
        return severities.isEmpty && record.text("EventType") == nil
            && !["task", "session", "log", "metric"].contains {
                messageID.lowercased().contains($0)
            }
    }

    // The key alone counts, whatever the registry (`ResourceEvent.1.3.ResourcePoweredOff`): the
    // standard's ResourceStatusChanged…, ResourceStateChanged and ResourcePowered…, and others'
    // `CrayAlerts.ResourcePowerStateChanged`, `OpenBMC.0.1.DCPowerOff`.
    private static func isChangeOfState(_ messageID: String) -> Bool {
        let key = messageID.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return ["statuschanged", "statechanged", "power"].contains { key.contains($0) }
    }

    private static func text(of record: JSON) -> String {
        let parts = [
            record.text("MessageSeverity") ?? record.text("Severity"),
            record.text("MessageId"), record.text("Message"),
        ]
        let text = parts.compactMap { $0 }.joined(separator: ": ")
        return text.isEmpty ? "an event" : text.readable(limit: 300)
    }
}
