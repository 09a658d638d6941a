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
            try await addEnclosure(of: system, surroundings, to: &facts)
        }
        try await addProcessors(of: system, to: &facts)
        facts.memoryGiB = try await memory(of: system)
        facts.macAddresses = try await NetworkAddresses(reader: reader).addresses(of: system)
        facts.bmcFirmwareVersion = try await surroundings.firmwareVersion(for: system)
        return facts
    }

    /// What the system does not say of itself, the enclosure around it may: if it holds nothing
    /// else. A board or a card in it is not the machine: NVIDIA's trays link to the BMC's own.
    private func addEnclosure(
        of system: ComputerSystem, _ surroundings: SystemSurroundings, to facts: inout Facts
    ) async throws(RedfishFailure) {
        let own = try await surroundings.chassis(of: system)
        var enclosure = own.first { $0.isEnclosure || $0.type == nil }
        if enclosure == nil, !own.isEmpty {
            enclosure = try await surroundings.otherChassis(of: system, beside: own)
                .first(where: \.isEnclosure)
        }
        guard let enclosure, enclosure.computerSystems.count <= 1 else { return }
        facts.manufacturer = facts.manufacturer ?? enclosure.manufacturer
        facts.model = facts.model ?? enclosure.model
        facts.serialNumber =
            facts.serialNumber
            ?? SystemIdentity(serialNumber: enclosure.serialNumber).serialNumber
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
}
