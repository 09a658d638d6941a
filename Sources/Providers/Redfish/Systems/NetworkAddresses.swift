internal import Core

/// Finds a system's MAC addresses: those of its interfaces, and only where it shows none the ones
/// of its adapters, which are a request or two each.
struct NetworkAddresses {
    let reader: ResourceReader

    func addresses(of system: ComputerSystem) async throws(RedfishFailure) -> [String] {
        let interfaces = try await reader.members(of: system.ethernetInterfaces)
            .map(EthernetInterface.init).filter { !$0.leadsToManager }
        let shown = interfaces.flatMap(\.macAddresses).uniqued
        return shown.isEmpty ? try await adapterAddresses(of: system).uniqued : shown
    }

    private func adapterAddresses(
        of system: ComputerSystem
    ) async throws(RedfishFailure) -> [String] {
        var found: [String] = []
        for interface in try await reader.members(of: system.networkInterfaces) {
            let own = try await functionAddresses(interface)
            if own.isEmpty,
                let adapter = try await reader.resource(
                    interface.json["Links"]?.link("NetworkAdapter"))
            {
                found += try await addresses(of: adapter)
            } else {
                found += own
            }
        }
        guard found.isEmpty else { return found }
        let surroundings = SystemSurroundings(reader: reader)
        let own = try await surroundings.chassis(of: system)
        found = try await addresses(in: own)
        guard found.isEmpty, !own.isEmpty else { return found }
        return try await addresses(in: surroundings.otherChassis(of: system, beside: own))
    }

    private func addresses(in chassis: [Chassis]) async throws(RedfishFailure) -> [String] {
        var found: [String] = []
        for chassis in chassis {
            for adapter in try await reader.members(of: chassis.networkAdapters) {
                found += try await addresses(of: adapter)
            }
        }
        return found
    }

    /// By the adapter's functions (DSP2046 `NetworkDeviceFunction`), else by its ports (`Port`, or
    /// the older `NetworkPort`).
    private func addresses(
        of adapter: RedfishResource
    ) async throws(RedfishFailure) -> [String] {
        let found = try await functionAddresses(adapter)
        guard found.isEmpty else { return found }
        for name in ["Ports", "NetworkPorts"] {
            let ports = try await reader.members(of: adapter.json.link(name))
            let found = ports.flatMap { EthernetInterface($0).macAddresses }
            guard found.isEmpty else { return found }
        }
        return []
    }

    private func functionAddresses(
        _ resource: RedfishResource
    ) async throws(RedfishFailure) -> [String] {
        let functions = try await reader.members(of: resource.json.link("NetworkDeviceFunctions"))
        return functions.filter { $0.json["DeviceEnabled"]?.bool != false }
            .flatMap { EthernetInterface($0).macAddresses }
    }
}
