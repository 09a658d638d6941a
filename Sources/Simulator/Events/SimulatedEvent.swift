internal import Core

/// Something that a simulated BMC tells those who listen to its server-sent events (DSP2046
/// `Event`, of one record).
public struct SimulatedEvent: Sendable {
    /// The message's key in its registry: `ResourceEvent.1.3.ResourceStatusChangedCritical`.
    public var messageID: String
    /// `OK`, `Warning` or `Critical`.
    public var severity: String
    public var message: String
    /// The path of the resource that it is about.
    public var origin: String?

    public init(messageID: String, severity: String, message: String, origin: String? = nil) {
        self.messageID = messageID
        self.severity = severity
        self.message = message
        self.origin = origin
    }

    /// A system's health became another.
    static func status(
        _ health: SimulatedHealth, reason: String?, of path: String
    ) -> SimulatedEvent {
        SimulatedEvent(
            messageID: "ResourceEvent.1.3.ResourceStatusChanged\(health.rawValue)",
            severity: health.rawValue,
            message: reason
                ?? "The health of resource `\(path)` has changed to \(health.rawValue).",
            origin: path)
    }

    /// A system's power state became another; nil for a state that nothing is told of.
    static func power(_ power: PowerState, of path: String) -> SimulatedEvent? {
        let (key, text): (String, String)
        switch power {
        case .on: (key, text) = ("ResourcePoweredOn", "has powered on")
        case .off: (key, text) = ("ResourcePoweredOff", "has powered off")
        case .poweringOn: (key, text) = ("ResourcePoweringOn", "is powering on")
        case .poweringOff: (key, text) = ("ResourcePoweringOff", "is powering off")
        default: return nil
        }
        return SimulatedEvent(
            messageID: "ResourceEvent.1.3.\(key)", severity: "OK",
            message: "The resource `\(path)` \(text).", origin: path)
    }

    func json(number: Int) -> JSON {
        var record: JSONObject = [
            "EventType": "Event",
            "EventId": .string("\(number)"),
            "MemberId": "0",
            "Severity": .string(severity),
            "MessageSeverity": .string(severity),
            "Message": .string(message),
            "MessageId": .string(messageID),
        ]
        if let origin { record["OriginOfCondition"] = ["@odata.id": .string(origin)] }
        return [
            "@odata.type": "#Event.v1_9_0.Event", "Id": .string("\(number)"), "Name": "Event",
            "Events": [.object(record)],
        ]
    }
}
