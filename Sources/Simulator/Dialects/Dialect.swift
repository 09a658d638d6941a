/// One way in which BMCs in the racks differ from the standard, or from each other within it. A
/// rack may speak several at once.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    case eventsDrop = "events-drop"
    case fewSessions = "few-sessions"
    case noETag = "no-etag"
    case noEvents = "no-events"
    case slow
    case strictETag = "strict-etag"
    case strictReset = "strict-reset"

    /// What the BMC does, in one line for a person.
    public var summary: String {
        switch self {
        case .eventsDrop: "drops its stream of events after each event"
        case .fewSessions:
            "holds two sessions; a third login is refused with 503, whoever asks (iDRAC)"
        case .noETag: "sends no ETag and looks at none"
        case .noEvents: "names a stream of events and answers 404 there (OpenBMC built without)"
        case .slow: "takes a second for every answer"
        case .strictETag: "refuses a change without If-Match, with 428"
        case .strictReset: "refuses a reset to the present state, with 409"
        }
    }
}
