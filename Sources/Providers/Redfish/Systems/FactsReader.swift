internal import Core

/// Reads what a system is made of: the system, and the resources around it for what the system
/// itself leaves out. A resource that the BMC does not show leaves its facts unknown.
struct FactsReader {
    let reader: ResourceReader

    func facts(of system: ComputerSystem) async throws(RedfishFailure) -> Facts {
        var facts = Facts(
            manufacturer: system.manufacturer, model: system.model,
            serialNumber: system.identity.serialNumber, uuid: system.identity.uuid,
            serviceTag: system.identity.serviceTag, biosVersion: system.biosVersion)
        let surroundings = SystemSurroundings(reader: reader)
        if facts.manufacturer == nil || facts.model == nil || facts.serialNumber == nil {
            try await addChassis(surroundings.chassis(of: system), to: &facts)
        }
        try await addProcessors(of: system, to: &facts)
        facts.memoryGiB = try await memory(of: system)
        facts.macAddresses = try await macAddresses(of: system)
        facts.bmcFirmwareVersion = try await surroundings.firmwareVersion(for: system)
        return facts
    }

    /// What the system does not say of itself, the case around it may: if it holds nothing else.
    private func addChassis(_ chassis: [Chassis], to facts: inout Facts) {
        guard let chassis = chassis.first, chassis.computerSystems.count <= 1 else { return }
        facts.manufacturer = facts.manufacturer ?? chassis.manufacturer
        facts.model = facts.model ?? chassis.model
        facts.serialNumber =
            facts.serialNumber
            ?? SystemIdentity(serialNumber: chassis.serialNumber).serialNumber
    }

    private func addProcessors(
        of system: ComputerSystem, to facts: inout Facts
    ) async throws(RedfishFailure) {
        let summary = system.processorSummary
        facts.processorCount = summary.count
        facts.processorModel = summary.model
        facts.coreCount = summary.coreCount
        guard summary.count == nil || summary.model == nil || summary.coreCount == nil else {
            return
        }
        let present = try await reader.members(of: system.processors)
            .map(Processor.init).filter { !$0.status.isAbsent }
        let processors = present.filter(\.isPresentCPU)
        guard !processors.isEmpty else { return }
        // A summary is over everything where there are accelerators (Cray EX235a: 9 for a CPU and
        // its 8 GPUs, with the GPUs' model).
        let isMixed = processors.count < present.count
        let count = isMixed ? nil : summary.count
        let model = isMixed ? nil : summary.model
        facts.processorCount = count ?? processors.count
        facts.processorModel = model ?? processors.lazy.compactMap(\.model).first
        if summary.coreCount == nil {
            // A sum over only some of them would be wrong.
            let cores = processors.compactMap(\.totalCores)
            facts.coreCount = cores.count == processors.count ? cores.reduce(0, +) : nil
        }
    }

    private func memory(of system: ComputerSystem) async throws(RedfishFailure) -> Double? {
        if let total = system.memorySummary.totalSystemMemoryGiB {
            return Quantity.binaryGibibytes(total)
        }
        let capacities = try await reader.members(of: system.memory)
            .map(Memory.init).filter { !$0.status.isAbsent }.compactMap(\.capacityMiB)
        return capacities.isEmpty ? nil : capacities.reduce(0, +) / 1024
    }

    private func macAddresses(of system: ComputerSystem) async throws(RedfishFailure) -> [String] {
        var seen: Set<String> = []
        let own = try await reader.members(of: system.ethernetInterfaces)
            .filter { !$0.json.isHostInterface }
            .flatMap { EthernetInterface($0).macAddresses }.filter { seen.insert($0).inserted }
        return own.isEmpty ? try await adapterAddresses(of: system) : own
    }

    /// The addresses that stand with the adapters alone (Gigabyte, Intel, Cisco, Supermicro's AOC):
    /// those of their functions, else of their ports (DSP2046 `NetworkDeviceFunction`,
    /// `NetworkPort`, `Port`).
    private func adapterAddresses(
        of system: ComputerSystem
    ) async throws(RedfishFailure) -> [String] {
        var adapters: [RedfishResource] = []
        for interface in try await reader.members(of: system.networkInterfaces) {
            let link = interface.json.nestedLinks("NetworkAdapter").first
            if let adapter = try await reader.resource(link) { adapters.append(adapter) }
        }
        if adapters.isEmpty {
            for chassis in try await SystemSurroundings(reader: reader).chassis(of: system) {
                adapters += try await reader.members(of: chassis.networkAdapters)
            }
        }
        var seen: Set<String> = []
        var addresses: [String] = []
        for adapter in adapters {
            for name in ["NetworkDeviceFunctions", "NetworkPorts", "Ports"] {
                let found = try await reader.members(of: adapter.json.link(name))
                    .flatMap { EthernetInterface($0).macAddresses }
                addresses += found.filter { seen.insert($0).inserted }
                if !found.isEmpty { break }
            }
        }
        return addresses
    }
}
