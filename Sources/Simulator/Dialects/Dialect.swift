/// One way in which BMCs in the racks differ from the standard, or from each other within it. A
/// rack may speak several at once.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    case fewSessions = "few-sessions"
    case noETag = "no-etag"
    case slow
    case strictETag = "strict-etag"
    case strictReset = "strict-reset"

    /// What the BMC does, in one line for a person.
    public var summary: String {
        switch self {
        case .fewSessions:
            "holds two sessions; a third login is refused with 503, whoever asks (iDRAC)"
        case .noETag: "sends no ETag and looks at none"
        case .slow: "takes a second for every answer"
        case .strictETag: "refuses a change without If-Match, with 428"
        case .strictReset: "refuses a reset to the present state, with 409"
        }
    }
}
