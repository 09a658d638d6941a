/// The entry to a service (DSP2046 `ServiceRoot`; DSP0266, service root).
struct ServiceRoot {
    /// The path that every service answers.
    static let path = "/redfish/v1/"

    /// The collection of computer systems.
    let systems: String?
    /// The collection of managers.
    let managers: String?

    init(_ resource: RedfishResource) {
        systems = resource.json.nestedLinks("Systems").first
        managers = resource.json.nestedLinks("Managers").first
    }
}
