internal import Core

/// A management controller (DSP2046 `Manager`).
struct Manager {
    let path: String
    let model: String?
    let firmwareVersion: String?
    /// What it takes the time to be, as it writes it.
    let dateTime: String?
    let status: Status
    let logServices: String?
    let virtualMedia: String?
    /// `Links.ManagerForServers`: the systems that it manages.
    let managerForServers: [String]

    init(_ resource: RedfishResource) {
        let json = resource.json
        path = resource.path
        model = json.text("Model")
        firmwareVersion = json.text("FirmwareVersion")
        dateTime = json.text("DateTime")
        status = Status(json["Status"])
        logServices = json.nestedLinks("LogServices").first
        virtualMedia = json.nestedLinks("VirtualMedia").first
        managerForServers = json.nestedLinks("ManagerForServers")
    }
}
