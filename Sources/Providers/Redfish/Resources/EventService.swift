internal import Core

/// The service that tells of events (DSP2046 `EventService`).
struct EventService {
    /// Where a GET opens a stream of server-sent events (since v1.1); nil if the service has none.
    let serverSentEventURI: String?
    /// False only if the service says so.
    let isEnabled: Bool

    init(_ resource: RedfishResource) {
        serverSentEventURI = resource.json.link("ServerSentEventUri")
        isEnabled = resource.json["ServiceEnabled"]?.bool ?? true
    }
}
