internal import Core
internal import HTTPClient

/// What a BMC answered to a command that it took.
struct CommandAnswer: Sendable {
    let status: Int
    /// `Location`: of a 202, the task monitor (DSP0266, asynchronous operations).
    var location: String? { headers["Location"] }
    let headers: HTTPHeaders
    /// Nil if there is no body, or none that is an object.
    let json: JSON?

    /// - Parameter mask: takes the secrets out of what may be shown.
    init(_ response: HTTPResponse, _ mask: SecretMask) {
        status = response.status
        headers = response.headers
        let json = response.body.isEmpty ? nil : try? response.json()
        self.json = json?.object == nil ? nil : json.map { mask.masked($0) }
    }

    /// Whether the BMC says that what it took shows only after a reset: `ResetRequired` of the Base
    /// registry, `SystemResetRequired` and `RebootRequired` of vendors' own.
    var waitsForReset: Bool {
        guard let json else { return false }
        return RedfishErrorBody(json).all.contains { message in
            message.messageID?.hasSuffix("ResetRequired") == true
                || message.messageID?.hasSuffix("RebootRequired") == true
        }
    }
}
