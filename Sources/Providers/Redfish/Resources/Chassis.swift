internal import Core

/// A case, sled or enclosure (DSP2046 `Chassis`).
struct Chassis {
    let path: String
    let name: String?
    /// `RackMount`, `Blade`, `Component`, …
    let type: String?
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
    /// `Links.ComputerSystems`: the systems that are in it.
    let computerSystems: [String]
    /// `Links.ContainedBy` and `Links.Contains`: the chassis around it, and those in it.
    let containedBy: String?
    let contains: [String]
    /// A collection of drives, or links to them (`Links.Drives`).
    let drives: [String]
    let networkAdapters: String?
    /// Whether it is switched off.
    let isOff: Bool

    init(_ resource: RedfishResource) {
        let json = resource.json
        path = resource.path
        name = json.text("Name")
        type = json.text("ChassisType")
        manufacturer = json.text("Manufacturer")
        model = json.text("Model")
        serialNumber = json.text("SerialNumber")
        status = Status(json["Status"])
        thermal = json.nestedLinks("Thermal").first
        power = json.nestedLinks("Power").first
        thermalSubsystem = json.nestedLinks("ThermalSubsystem").first
        powerSubsystem = json.nestedLinks("PowerSubsystem").first
        sensors = json.nestedLinks("Sensors").first
        logServices = json.nestedLinks("LogServices").first
        computerSystems = json.nestedLinks("ComputerSystems")
        containedBy = json.nestedLinks("ContainedBy").first
        contains = json.nestedLinks("Contains")
        drives = json.links("Drives") + (json["Links"]?.links("Drives") ?? [])
        networkAdapters = json.nestedLinks("NetworkAdapters").first
        isOff = json.isSwitchedOff
    }
}

extension Chassis {
    /// Whether it is what a machine stands in, by its type (DSP2046 `Chassis.ChassisType`): not a
    /// board or a card in one, nor a rack around many.
    var isEnclosure: Bool {
        let types: Set = [
            "blade", "cartridge", "enclosure", "other", "rackmount", "shelf", "sled", "standalone",
        ]
        return type.map { types.contains($0.lowercased()) } ?? false
    }
}
