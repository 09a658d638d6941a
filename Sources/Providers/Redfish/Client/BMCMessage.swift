internal import Core
internal import HTTPClient

/// One request to a BMC, before it is known where exactly and how often it goes.
struct BMCMessage: Sendable, CustomStringConvertible, CustomReflectable {
    let method: String
    /// With its query, if it has one.
    let path: String
    var body: JSON?
    /// Takes the secrets out of its title and of what is told of its answer.
    var mask = SecretMask.none
    var ifMatch: String?
    var authorisation = Authorisation.none
    /// Whether the request waits for, and itself begins, a pause that the BMC asked for.
    var honoursRests = true
    /// Whether an answer that says nothing (500, no JSON) is asked for again like one that says
    /// that the BMC is busy.
    var insists = false
    /// Of a command: what is told of answers that leave open whether it was carried out.
    var trace: CommandTrace?
    /// Looked at when the request's turn has come: what keeps it from being sent after all.
    var objection: @Sendable () -> RedfishFailure? = { nil }
    /// Told of the answer before the next request's turn comes, so that what it says of the
    /// credentials holds for that one too.
    var answered: @Sendable (HTTPResponse) -> Void = { _ in }

    /// Whether the request may start the machine (`ComputerSystem.Reset` with any type but one that
    /// leads to Off). It is not repeated where the BMC may have acted on it, whatever it answered:
    /// both may act, the second when nobody expects it any more.
    var mayStartMachine: Bool {
        guard method == "POST", path.hasSuffix("ComputerSystem.Reset") else { return false }
        return body?["ResetType"]?.string?.hasSuffix("Off") != true
            && body?["ResetType"]?.string?.hasSuffix("Shutdown") != true
    }

    /// Whether every service answers it to everybody (DSP0266, authentication), so that the answer
    /// says nothing of who asked.
    var isOpenToAll: Bool {
        guard isRead else { return false }
        let bare = path.prefix { $0 != "?" }.lowercased()
        let resource = bare.hasSuffix("/") ? String(bare.dropLast()) : bare
        return ["/redfish", "/redfish/v1", "/redfish/v1/odata", "/redfish/v1/$metadata"]
            .contains(resource)
    }

    var isRead: Bool { method == "GET" || method == "HEAD" }

    /// `GET /redfish/v1/`, for a person.
    var title: String { "\(method) \(mask.masked(link: path).readable(limit: 200))" }

    // The body may hold a password.
    var description: String { title }
    var customMirror: Mirror { Mirror(self, children: ["message": title]) }
}
