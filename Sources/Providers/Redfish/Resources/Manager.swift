internal import Core

/// A management controller (DSP2046 `Manager`).
struct Manager {
    let firmwareVersion: String?
    /// `Links.ManagerForServers`: the systems that it manages.
    let managerForServers: [String]
    /// Its virtual media drives.
    let virtualMedia: String?

    init(_ resource: RedfishResource) {
        firmwareVersion = resource.json.text("FirmwareVersion")
        managerForServers = resource.json["Links"]?.links("ManagerForServers") ?? []
        virtualMedia = resource.json.link("VirtualMedia")
    }
}
