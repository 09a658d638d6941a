internal import Core

/// One computer (DSP2046 `ComputerSystem`): what a device is to its BMC.
struct ComputerSystem {
    let path: String
    /// What a change is based on.
    let entityTag: EntityTag?
    /// Whether the resource is a computer system, by what it says of itself or shows.
    let isSystem: Bool
    /// `@Redfish.Settings`: where settings are changed that take effect later (DSP0266, settings
    /// resource).
    let settingsObject: String?
    /// `Physical`, `Virtual`, `DPU`, …
    let systemType: String?
    let id: String?
    let name: String?
    let manufacturer: String?
    let model: String?
    /// By what the machine is known; placeholders are left out.
    let identity: SystemIdentity
    let biosVersion: String?
    let powerState: PowerState
    /// The power state as the service writes it.
    let powerStateText: String?
    let status: Status
    let processorSummary: ProcessorSummary
    let memorySummary: MemorySummary
    let processors: String?
    let memory: String?
    let ethernetInterfaces: String?
    /// Its virtual media drives; nil where they are its manager's.
    let virtualMedia: String?
    /// `Links.ManagedBy`: the BMC's own resource.
    let managedBy: [String]
    /// `Links.Chassis`: what it is in.
    let chassis: [String]
    let storage: String?
    let simpleStorage: String?
    /// What older firmware has in place of `Storage`.
    let smartStorage: String?
    let logServices: String?
    let networkInterfaces: String?
    let pcieDevices: [String]
    /// Where the trouble lies, as far as the system's own resource tells: `in storage`.
    let unwellAreas: String?
    let boot: Boot
    /// `Actions.#ComputerSystem.Reset`; nil if the system cannot be switched.
    let reset: ResetAction?

    init(_ resource: RedfishResource) {
        let json = resource.json
        path = resource.path
        entityTag = resource.entityTag
        isSystem = Self.isSystem(resource)
        settingsObject = json["@Redfish.Settings"]?.link("SettingsObject")
        systemType = json.text("SystemType")
        id = json.text("Id")
        name = json.text("Name")
        manufacturer = json.text("Manufacturer")
        model = json.text("Model")
        identity = SystemIdentity(
            uuid: json.text("UUID"), serialNumber: json.text("SerialNumber"),
            serviceTag: json.serviceTag)
        biosVersion = json.text("BiosVersion")
        powerStateText = json.text("PowerState")
        powerState = Self.powerState(json.text("PowerState"))
        status = Status(json["Status"])
        processorSummary = ProcessorSummary(json["ProcessorSummary"] ?? .null)
        memorySummary = MemorySummary(json["MemorySummary"] ?? .null)
        processors = json.nestedLinks("Processors").first
        memory = json.nestedLinks("Memory").first
        ethernetInterfaces = json.nestedLinks("EthernetInterfaces").first
        virtualMedia = json.nestedLinks("VirtualMedia").first
        managedBy = json.nestedLinks("ManagedBy")
        chassis = json.nestedLinks("Chassis")
        storage = json.nestedLinks("Storage").first
        simpleStorage = json.nestedLinks("SimpleStorage").first
        smartStorage = json.smartStorage
        logServices = json.nestedLinks("LogServices").first
        networkInterfaces = json.nestedLinks("NetworkInterfaces").first
        pcieDevices = json.nestedLinks("PCIeDevices")
        let areas = json.aggregateHealth(atLeast: status.worst)
        unwellAreas = areas.isEmpty ? nil : "in " + areas.joined(separator: ", ")
        boot = Boot(json["Boot"] ?? .null)
        let actions = json["Actions"]
        reset = ResetAction(
            actions?["#ComputerSystem.Reset"] ?? actions?["ComputerSystem.Reset"],
            of: resource.path)
    }

    /// Any of these, in any case, names the system in the inventory.
    var names: [String] { [BMCAddress.lastSegment(of: path), id, name].compactMap(\.self) }

    // AMI MegaRAC lists a collection's Capabilities among its members (DSP0266, capabilities
    // object); it may come without a type.
    private static func isSystem(_ resource: RedfishResource) -> Bool {
        guard !resource.json.isCapabilitiesObject else { return false }
        if let type = resource.typeName { return type == "ComputerSystem" }
        let telling = [
            "PowerState", "Actions", "Boot", "ProcessorSummary", "SystemType", "Manufacturer",
            "Status",
        ]
        return resource.json["Members"] == nil && telling.contains { resource.json[$0] != nil }
    }

    // A paused host runs: it keeps its memory and goes on without booting (Resource.PowerState).
    private static func powerState(_ text: String?) -> PowerState {
        switch text?.lowercased().filter(\.isLetter) {
        case "on", "paused": .on
        case "off": .off
        case "poweringon": .poweringOn
        case "poweringoff": .poweringOff
        default: .unknown
        }
    }
}
