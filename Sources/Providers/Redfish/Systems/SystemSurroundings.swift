internal import Core

/// Finds what belongs to a system and is no part of its resource: the chassis that it is in and
/// the managers that steer it.
struct SystemSurroundings {
    let reader: ResourceReader

    /// Those that the system names (`Links.ManagedBy`); in services that leave that out, those
    /// that name the system, or the only one there is.
    func managers(of system: ComputerSystem) async throws(RedfishFailure) -> [Manager] {
        var managers: [Manager] = []
        for link in system.managedBy {
            if let manager = try await reader.resource(link) { managers.append(Manager(manager)) }
        }
        guard system.managedBy.isEmpty else { return managers }
        let root = try await reader.root()
        let all = try await reader.members(of: root?.managers).map(Manager.init)
        let own = all.filter { names(system, in: $0.managerForServers) }
        return own.isEmpty && all.count == 1 ? all : own
    }

    /// Those that the system names (`Links.Chassis`); in services that leave that out, those that
    /// name the system, or the only one there is.
    func chassis(of system: ComputerSystem) async throws(RedfishFailure) -> [Chassis] {
        var chassis: [Chassis] = []
        for link in system.chassis {
            if let resource = try await reader.resource(link) { chassis.append(Chassis(resource)) }
        }
        guard system.chassis.isEmpty else { return chassis }
        let root = try await reader.root()
        let all = try await reader.members(of: root?.chassis).map(Chassis.init)
        let own = all.filter { names(system, in: $0.computerSystems) }
        return own.isEmpty && all.count == 1 ? all : own
    }

    private func names(_ system: ComputerSystem, in links: [String]) -> Bool {
        links.contains { Self.canonical($0) == Self.canonical(system.path) }
    }

    private static func canonical(_ link: String) -> String {
        let lower = link.lowercased()
        return lower.hasSuffix("/") ? String(lower.dropLast()) : lower
    }
}
