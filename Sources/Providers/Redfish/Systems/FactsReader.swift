internal import Core

/// Reads what a system is made of: the system, and the resources around it for what the system
/// itself leaves out. A resource that the BMC does not show leaves its facts unknown.
struct FactsReader {
    let reader: ResourceReader

    func facts(of system: ComputerSystem) async throws(RedfishFailure) -> Facts {
        var facts = Facts(
            manufacturer: system.manufacturer, model: system.model,
            serialNumber: system.serialNumber, uuid: system.uuid,
            biosVersion: system.biosVersion)
        try await addProcessors(of: system, to: &facts)
        facts.memoryGiB = try await memory(of: system)
        facts.macAddresses = try await macAddresses(of: system)
        facts.bmcFirmwareVersion = try await firmwareVersion(for: system)
        return facts
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
        // Some services sum up accelerators too: 9 processors, with the GPUs' model, for one CPU
        // and eight GPUs (Cray EX235a, EX235n).
        let isOfAll = present.count > processors.count && summary.count == present.count
        facts.processorCount = (isOfAll ? nil : summary.count) ?? processors.count
        facts.processorModel =
            (isOfAll ? nil : summary.model) ?? processors.lazy.compactMap(\.model).first
        if summary.coreCount == nil {
            // A sum over only some of them would be wrong.
            let cores = processors.compactMap(\.totalCores)
            facts.coreCount = cores.count == processors.count ? cores.reduce(0, +) : nil
        }
    }

    private func memory(of system: ComputerSystem) async throws(RedfishFailure) -> Double? {
        if let total = system.memorySummary.totalSystemMemoryGiB { return total }
        let capacities = try await reader.members(of: system.memory)
            .map(Memory.init).filter { !$0.status.isAbsent }.compactMap(\.capacityMiB)
        return capacities.isEmpty ? nil : capacities.reduce(0, +) / 1024
    }

    private func macAddresses(of system: ComputerSystem) async throws(RedfishFailure) -> [String] {
        let interfaces = try await reader.members(of: system.ethernetInterfaces)
        var seen: Set<String> = []
        return interfaces.flatMap { EthernetInterface($0).macAddresses }
            .filter { seen.insert($0).inserted }
    }

    private func firmwareVersion(
        for system: ComputerSystem
    ) async throws(RedfishFailure) -> String? {
        let managers = try await SystemSurroundings(reader: reader).managers(of: system)
        return managers.lazy.compactMap(\.firmwareVersion).first
    }
}
