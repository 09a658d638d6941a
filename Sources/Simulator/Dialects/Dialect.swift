/// One way in which BMCs in the racks differ from the standard, or from each other within it. A
/// rack may speak several at once.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    case busy
    case eventsDrop = "events-drop"
    case fewSessions = "few-sessions"
    case forgetful
    case noETag = "no-etag"
    case noEvents = "no-events"
    case noSessions = "no-sessions"
    case noToken = "no-token"
    case rateLimit = "rate-limit"
    case sessionOnly = "session-only"
    case slashRedirect = "slash-redirect"
    case slow
    case strictETag = "strict-etag"
    case strictReset = "strict-reset"
    case tokenInBody = "token-in-body"

    /// What the BMC does, in one line for a person.
    public var summary: String {
        switch self {
        case .busy:
            "answers its first four requests with 503 and Retry-After, in seconds or as a date"
        case .eventsDrop: "drops its stream of events after each event"
        case .fewSessions:
            "holds two sessions; then logins and Basic are refused with 503, RAC0218 (iDRAC)"
        case .forgetful: "drops a session after its fifth request"
        case .noETag: "sends no ETag and looks at none"
        case .noEvents: "names a stream of events and answers 404 there (OpenBMC built without)"
        case .noSessions: "has no SessionService: takes Basic credentials only"
        case .noToken: "opens a session at a login, but sends no token"
        case .rateLimit: "answers every third request with 429, without Retry-After"
        case .sessionOnly: "refuses Basic credentials with 401"
        case .slashRedirect: "redirects paths without a slash at the end (308)"
        case .slow: "takes a second for every answer"
        case .strictETag: "refuses a change without If-Match, with 428"
        case .strictReset: "refuses a reset to the present state, with 409"
        case .tokenInBody:
            "sends a session's token in the body, and a Location that names another host"
        }
    }
}
