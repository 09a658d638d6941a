internal import Core

/// A case, sled or enclosure (DSP2046 `Chassis`).
struct Chassis {
    let path: String
    let name: String?
    let manufacturer: String?
    let model: String?
    let serialNumber: String?
    let status: Status
    /// The older schemas with everything in one resource.
    let thermal: String?
    let power: String?
    /// The newer ones, of parts.
    let thermalSubsystem: String?
    let powerSubsystem: String?
    let sensors: String?
    let logServices: String?
    let networkAdapters: String?
    /// `Links.ComputerSystems`: the systems that are in it.
    let computerSystems: [String]

    init(_ resource: RedfishResource) {
        let json = resource.json
        path = resource.path
        name = json.text("Name")
        manufacturer = json.text("Manufacturer")
        model = json.text("Model")
        serialNumber = json.text("SerialNumber")
        status = Status(json["Status"])
        thermal = json.nestedLinks("Thermal").first
        power = json.nestedLinks("Power").first
        thermalSubsystem = json.nestedLinks("ThermalSubsystem").first
        powerSubsystem = json.nestedLinks("PowerSubsystem").first
        sensors = json.nestedLinks("Sensors").first
        networkAdapters = json.nestedLinks("NetworkAdapters").first
        logServices = json.nestedLinks("LogServices").first
        computerSystems = json.nestedLinks("ComputerSystems")
    }
}
