internal import Core

/// One computer (DSP2046 `ComputerSystem`): what a device is to its BMC.
struct ComputerSystem {
    let path: String
    /// Whether the resource says of itself that it is a computer system, or says nothing.
    let isSystem: Bool
    let id: String?
    let name: String?
    let manufacturer: String?
    let model: String?
    let serialNumber: String?
    /// Lower case; nil if all zeros.
    let uuid: String?
    let biosVersion: String?
    let powerState: PowerState
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
    let boot: Boot
    /// `Actions.#ComputerSystem.Reset`; nil if the system cannot be switched.
    let reset: ResetAction?

    init(_ resource: RedfishResource) {
        let json = resource.json
        path = resource.path
        isSystem = (resource.typeName ?? "ComputerSystem") == "ComputerSystem"
        id = json.text("Id")
        name = json.text("Name")
        manufacturer = json.text("Manufacturer")
        model = json.text("Model")
        serialNumber = json.text("SerialNumber")
        uuid = json.text("UUID").map { $0.lowercased() }
            .flatMap { $0.contains { $0 != "0" && $0 != "-" } ? $0 : nil }
        biosVersion = json.text("BiosVersion")
        powerState = Self.powerState(json.text("PowerState"))
        status = Status(json["Status"])
        processorSummary = ProcessorSummary(json["ProcessorSummary"] ?? .null)
        memorySummary = MemorySummary(json["MemorySummary"] ?? .null)
        processors = json.link("Processors")
        memory = json.link("Memory")
        ethernetInterfaces = json.link("EthernetInterfaces")
        virtualMedia = json.link("VirtualMedia")
        managedBy = json["Links"]?.links("ManagedBy") ?? []
        boot = Boot(json["Boot"] ?? .null)
        reset = ResetAction(json["Actions"]?["#ComputerSystem.Reset"], of: resource.path)
    }

    /// Any of these, in any case, names the system in the inventory.
    var names: [String] { [BMCAddress.lastSegment(of: path), id, name].compactMap(\.self) }

    // A paused host runs: it keeps its memory and goes on without booting (Resource.PowerState).
    private static func powerState(_ text: String?) -> PowerState {
        switch text?.lowercased() {
        case "on", "paused": .on
        case "off": .off
        case "poweringon": .poweringOn
        case "poweringoff": .poweringOff
        default: .unknown
        }
    }
}
