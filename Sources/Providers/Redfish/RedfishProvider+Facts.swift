public import Core

extension RedfishProvider {
    /// Reads the system, and the resources below it for what the system itself leaves out. A
    /// resource that the BMC does not show leaves its facts unknown.
    public func facts(of device: Device) async throws(ProviderError) -> Facts {
        try await attempt("reading the facts", at: device) {
            (client, system) throws(RedfishFailure) in
            var facts = Facts(
                manufacturer: system.manufacturer, model: system.model,
                serialNumber: system.serialNumber, uuid: system.uuid,
                biosVersion: system.biosVersion)
            try await addProcessors(of: system, client, to: &facts)
            facts.memoryGiB = try await memory(of: system, client)
            facts.macAddresses = try await macAddresses(of: system, client)
            facts.bmcFirmwareVersion = try await firmwareVersion(for: system, client)
            return facts
        }
    }

    private func addProcessors(
        of system: ComputerSystem, _ client: RedfishClient, to facts: inout Facts
    ) async throws(RedfishFailure) {
        let summary = system.processorSummary
        facts.processorCount = summary.count
        facts.processorModel = summary.model
        facts.coreCount = summary.coreCount
        guard summary.count == nil || summary.model == nil || summary.coreCount == nil else {
            return
        }
        let processors = try await client.readableMembers(of: system.processors)
            .map(Processor.init).filter(\.isPresentCPU)
        guard !processors.isEmpty else { return }
        facts.processorCount = summary.count ?? processors.count
        facts.processorModel = summary.model ?? processors.lazy.compactMap(\.model).first
        if summary.coreCount == nil {
            // A sum over only some of them would be wrong.
            let cores = processors.compactMap(\.totalCores)
            facts.coreCount = cores.count == processors.count ? cores.reduce(0, +) : nil
        }
    }

    private func memory(
        of system: ComputerSystem, _ client: RedfishClient
    ) async throws(RedfishFailure) -> Double? {
        if let total = system.memorySummary.totalSystemMemoryGiB { return total }
        let capacities = try await client.readableMembers(of: system.memory)
            .map(Memory.init).filter { !$0.status.isAbsent }.compactMap(\.capacityMiB)
        return capacities.isEmpty ? nil : capacities.reduce(0, +) / 1024
    }

    private func macAddresses(
        of system: ComputerSystem, _ client: RedfishClient
    ) async throws(RedfishFailure) -> [String] {
        let interfaces = try await client.readableMembers(of: system.ethernetInterfaces)
        var seen: Set<String> = []
        return interfaces.flatMap { EthernetInterface($0).macAddresses }
            .filter { seen.insert($0).inserted }
    }

    private func firmwareVersion(
        for system: ComputerSystem, _ client: RedfishClient
    ) async throws(RedfishFailure) -> String? {
        for link in system.managedBy {
            let manager = try await client.getIfPossible(link).map(Manager.init)
            if let version = manager?.firmwareVersion { return version }
        }
        guard system.managedBy.isEmpty else { return nil }
        // Older schemas have no such link; then a manager names its systems.
        let root = try await client.getIfPossible(ServiceRoot.path).map(ServiceRoot.init)
        let managers = try await client.readableMembers(of: root?.managers).map(Manager.init)
        let own = managers.first { manager in
            manager.managerForServers.contains { $0.lowercased() == system.path.lowercased() }
        }
        return (own ?? (managers.count == 1 ? managers.first : nil))?.firmwareVersion
    }
}
