/// The entry to a service (DSP2046 `ServiceRoot`; DSP0266, service root).
struct ServiceRoot {
    /// The path that every service answers.
    static let path = "/redfish/v1/"

    /// The collection of computer systems.
    let systems: String?
    /// The collection of managers.
    let managers: String?
    /// The service that tells of events.
    let eventService: String?

    init(_ resource: RedfishResource) {
        systems = resource.json.link("Systems")
        managers = resource.json.link("Managers")
        eventService = resource.json.link("EventService")
    }
}
