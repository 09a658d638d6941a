internal import Core
internal import HTTPClient

/// A refusal because as many sessions are open as the BMC holds.
///
/// The standard's own messages are `SessionLimitExceeded` and `CreateLimitReachedForResource`
/// (DSP8011), under whatever status. iDRAC answers 503 with `RAC0218`, "The maximum number of user
/// sessions is reached" (stmcginnis/gofish issue 75, bb-Ricardo/check_redfish issue 89), and that
/// to requests with Basic credentials too, since each of them takes a session for its duration.
struct SessionLimit {
    private static let keys = ["SessionLimitExceeded", "CreateLimitReachedForResource", "RAC0218"]

    /// Whether a failure's text is about it.
    static func isMeant(by text: String) -> Bool { keys.contains(where: text.contains) }

    /// Nil if the answer says no such thing.
    init?(_ response: HTTPResponse) {
        guard [400, 401, 403, 409, 429, 500, 503].contains(response.status),
            let json = try? response.json()
        else { return nil }
        let messages = RedfishErrorBody(json).all
        let isLimit = messages.contains { message in
            guard let key = message.messageID?.split(separator: ".").last else { return false }
            return Self.keys.contains { $0.lowercased() == key.lowercased() }
        }
        guard isLimit else { return nil }
    }
}
