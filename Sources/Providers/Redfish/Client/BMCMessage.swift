internal import Core

/// One request to a BMC, before it is known where exactly and how often it goes.
struct BMCMessage: Sendable {
    let method: String
    /// With its query, if it has one.
    let path: String
    var body: JSON?
    var ifMatch: String?
    var authorisation = Authorisation.none
    /// Whether the request waits for, and itself begins, a pause that the BMC asked for.
    var honoursRests = true
    /// Looked at when the request's turn has come: what keeps it from being sent after all.
    var objection: @Sendable () -> RedfishFailure? = { nil }

    var isRead: Bool { method == "GET" || method == "HEAD" }

    /// `GET /redfish/v1/`, for a person.
    var title: String { "\(method) \(path.readable(without: [], limit: 200))" }
}
