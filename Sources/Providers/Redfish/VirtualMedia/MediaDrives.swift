internal import Core

/// Finds the virtual media drives of a system.
struct MediaDrives {
    let client: RedfishClient
    let system: ComputerSystem

    /// What was found.
    struct Finding {
        /// The drives that are the system's alone.
        var drives: [VirtualMedia]
        /// Why there are none.
        var reason: String
    }

    /// The system's own drives (`ComputerSystem.VirtualMedia`, schema 1.13 and later), and if it
    /// has none, those of its managers (`Manager.VirtualMedia`).
    ///
    /// A drive of a manager of several systems is nobody's: what is put in there may come to
    /// another device.
    func find() async throws(RedfishFailure) -> Finding {
        let own = try await drives(in: system.virtualMedia)
        guard own.isEmpty else { return Finding(drives: own, reason: "") }
        var found = Finding(
            drives: [], reason: "the BMC shows no virtual media; a licence may be missing")
        for manager in try await managers() {
            guard let link = manager.virtualMedia else { continue }
            let count = Set(manager.managerForServers.map { $0.lowercased() }).count
            guard count <= 1 else {
                found.reason =
                    "its manager's virtual media are those of \(count) systems, and it does not say"
                    + " which of them sees what is put in"
                continue
            }
            found.drives += try await drives(in: link)
        }
        return found
    }

    private func drives(in collection: String?) async throws(RedfishFailure) -> [VirtualMedia] {
        try await client.readableMembers(of: collection).map(VirtualMedia.init)
    }

    private func managers() async throws(RedfishFailure) -> [Manager] {
        var linked: [Manager] = []
        for link in system.managedBy {
            if let manager = try await client.getIfPossible(link) {
                linked.append(Manager(manager))
            }
        }
        guard system.managedBy.isEmpty else { return linked }
        // Older schemas have no such link; then a manager names its systems.
        let root = try await client.getIfPossible(ServiceRoot.path).map(ServiceRoot.init)
        let all = try await client.readableMembers(of: root?.managers).map(Manager.init)
        let own = all.filter { manager in
            manager.managerForServers.contains { $0.lowercased() == system.path.lowercased() }
        }
        return own.isEmpty && all.count == 1 ? all : own
    }
}
