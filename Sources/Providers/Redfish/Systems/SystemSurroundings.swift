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
    /// name the system, or that have its id, or the only one there is.
    func chassis(of system: ComputerSystem) async throws(RedfishFailure) -> [Chassis] {
        var chassis: [Chassis] = []
        for link in system.chassis {
            if let resource = try await reader.resource(link) { chassis.append(Chassis(resource)) }
        }
        guard system.chassis.isEmpty else { return chassis }
        let root = try await reader.root()
        let all = try await reader.members(of: root?.chassis).map(Chassis.init)
        let own = all.filter { names(system, in: $0.computerSystems) }
        guard own.isEmpty else { return own }
        return all.count == 1 ? all : all.filter { $0.isNamed(like: system) }
    }

    /// What else is part of the machine: the chassis that name the system, or are contained by one
    /// that does, beside those of ``chassis(of:)``.
    ///
    /// NVIDIA's trays name the BMC's own board and have their fans in another chassis.
    func otherChassis(
        of system: ComputerSystem, beside own: [Chassis]
    ) async throws(RedfishFailure) -> [Chassis] {
        guard let collection = try await reader.root()?.chassis,
            let content = try await reader.resource(collection).map(ResourceCollection.init)
        else { return [] }
        let unread = content.members.filter { !reader.hasRead($0) }
        guard !unread.isEmpty || content.nextLink != nil else {
            return try await tied(to: system, own, reader.members(of: collection))
        }
        // To expand would have the BMC read what is better not read.
        let isSafe = !content.members.contains { $0.danger != nil }
        let all = try await reader.members(
            of: collection, again: isSafe && unread.count > 1 && reader.expands)
        return tied(to: system, own, all)
    }

    private func tied(
        to system: ComputerSystem, _ own: [Chassis], _ resources: [RedfishResource]
    ) -> [Chassis] {
        var included = Set(own.map { Self.canonical($0.path) })
        var rest = resources.map(Chassis.init).filter {
            !included.contains(Self.canonical($0.path))
        }
        var found: [Chassis] = []
        var parents: [String: String] = [:]
        for chassis in own + rest {
            for link in chassis.contains {
                parents[Self.canonical(link)] = Self.canonical(chassis.path)
            }
        }
        while let index = rest.firstIndex(where: { chassis in
            guard chassis.computerSystems.isEmpty else {
                return names(system, in: chassis.computerSystems)
            }
            let path = Self.canonical(chassis.path)
            return [chassis.containedBy.map(Self.canonical), parents[path]]
                .contains { $0.map(included.contains) == true }
        }) {
            let chassis = rest.remove(at: index)
            included.insert(Self.canonical(chassis.path))
            found.append(chassis)
        }
        // In the service's order.
        let order = resources.map { Self.canonical($0.path) }
        return order.compactMap { path in found.first { Self.canonical($0.path) == path } }
    }

    /// The firmware of the system's manager; where that does not show it, the inventory of the
    /// firmware does, under the manager's id (the Cray EX: `cray-ex425-two-nodes`).
    func firmwareVersion(for system: ComputerSystem) async throws(RedfishFailure) -> String? {
        let managers = try await managers(of: system)
        if let version = managers.lazy.compactMap(\.firmwareVersion).first { return version }
        let ids = Set(managers.map { BMCAddress.lastSegment(of: $0.path).lowercased() } + ["bmc"])
        let updates = try await reader.resource(try await reader.root()?.updateService)
        guard let inventory = try await reader.resource(updates?.json.link("FirmwareInventory"))
        else { return nil }
        for link in ResourceCollection(inventory).members
        where ids.contains(BMCAddress.lastSegment(of: link).lowercased()) {
            if let version = try await reader.resource(link)?.json.text("Version") {
                return version
            }
        }
        return nil
    }

    private func names(_ system: ComputerSystem, in links: [String]) -> Bool {
        links.contains { Self.canonical($0) == Self.canonical(system.path) }
    }

    private static func canonical(_ link: String) -> String {
        let lower = link.lowercased()
        return lower.hasSuffix("/") ? String(lower.dropLast()) : lower
    }
}

extension Chassis {
    // The Cray EX shows no links between a node and its chassis; both have the same id
    // (`cray-ex425-two-nodes`).
    fileprivate func isNamed(like system: ComputerSystem) -> Bool {
        let id = BMCAddress.lastSegment(of: system.path).lowercased()
        return BMCAddress.lastSegment(of: path).lowercased() == id
    }
}
