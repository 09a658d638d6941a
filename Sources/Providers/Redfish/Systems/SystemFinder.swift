internal import Core
internal import Foundation

/// Finds a device's system in its BMC's service: service root, systems, members.
struct SystemFinder {
    let client: RedfishClient
    /// What the inventory calls the system; nil if the BMC has just one.
    let wanted: String?

    func find() async throws(RedfishFailure) -> ComputerSystem {
        let members = try await client.members(of: systemsPath(), insisting: true)
        guard let wanted else {
            // One that cannot be read now might be the device, so it may not be passed over.
            let (systems, failure) = await read(members)
            if let failure { throw failure }
            return try onlyOne(of: systems, listed: members.count)
        }
        // The Id is nearly always the last part of the path: then no other system is read.
        let isLikely = { (path: String) in
            let segment = BMCAddress.lastSegment(of: path)
            return same(segment, wanted) || same(segment.removingPercentEncoding, wanted)
        }
        let (likely, failure) = await read(members.filter(isLikely))
        if let system = likely.first { return system }
        if let failure { throw failure }
        return try await find(wanted, among: members.filter { !isLikely($0) })
    }

    private func find(
        _ wanted: String, among members: [String]
    ) async throws(RedfishFailure) -> ComputerSystem {
        let (systems, failure) = await read(members)
        let byID = systems.filter { same($0.id, wanted) }
        let matching = byID.isEmpty ? systems.filter { same($0.name, wanted) } : byID
        if matching.count == 1, let system = matching.first { return system }
        if let failure { throw failure }
        let problem = matching.isEmpty ? "has no system \"\(wanted)\"" : "has several \"\(wanted)\""
        throw RedfishFailure(
            .refused, "the BMC \(problem); it has: \(list(systems))", isIncapable: true)
    }

    private func systemsPath() async throws(RedfishFailure) -> String {
        guard let systems = try await root().systems else {
            throw RedfishFailure(.refused, "the Redfish service shows no Systems")
        }
        return systems
    }

    // With a slash, as the standard's own path (DSP0266, Redfish-defined URIs); there are BMCs that
    // know only the one without.
    private func root() async throws(RedfishFailure) -> ServiceRoot {
        do throws(RedfishFailure) {
            return ServiceRoot(try await client.get(ServiceRoot.path, insisting: true))
        } catch {
            guard error.isGone else { throw error }
            if let root = try await client.getIfPossible(String(ServiceRoot.path.dropLast())) {
                return ServiceRoot(root)
            }
            var failure = error
            failure.text += "; there is no Redfish service at this address"
            throw failure
        }
    }

    /// The system that is meant if none is named: the only one, or the only one that is a server.
    /// Beside others, be they gone for the moment, one that is evidently no server is not meant: a
    /// BMC that starts may show its DPU before its host.
    private func onlyOne(
        of systems: [ComputerSystem], listed: Int
    ) throws(RedfishFailure) -> ComputerSystem {
        let hosts = listed > 1 ? systems.filter(\.isCredibleHost) : systems
        guard hosts.count == 1, let system = hosts.first else {
            let problem =
                switch (systems.count, hosts.count) {
                case (0, _): "the BMC lists no computer system that can be read"
                case (1, 0):
                    "of \(listed) systems that the BMC lists the one that can be read is no server: "
                        + list(systems)
                default:
                    "the BMC has several systems and the inventory names none; it has: "
                        + list(systems)
                }
            throw RedfishFailure(.refused, problem, isOfInventory: hosts.count > 1)
        }
        return system
    }

    /// The members that are systems, and why the first of those failed that are there but cannot
    /// be read. Collections are known to list what is gone, and what is no system.
    private func read(_ members: [String]) async -> ([ComputerSystem], RedfishFailure?) {
        var systems: [ComputerSystem] = []
        var failure: RedfishFailure?
        for link in members {
            do throws(RedfishFailure) {
                let system = ComputerSystem(try await client.get(link, insisting: true))
                if system.isSystem { systems.append(system) }
            } catch {
                if !error.isGone { failure = failure ?? error }
            }
        }
        // A settings resource has the system's own type (DSP0266, settings resource).
        let settings = Set(systems.compactMap(\.settingsObject))
        return (systems.filter { !settings.contains($0.path) }, failure)
    }

    private func same(_ left: String?, _ right: String) -> Bool {
        left?.lowercased() == right.lowercased()
    }

    /// `Node0, Node1 (Blade left)`.
    private func list(_ systems: [ComputerSystem]) -> String {
        let names = systems.map { system in
            let id = system.id ?? BMCAddress.lastSegment(of: system.path)
            return system.name.map { $0 == id ? id : "\(id) (\($0))" } ?? id
        }
        let list = names.joined(separator: ", ").readable(without: [], limit: 500)
        return list.isEmpty ? "none" : list
    }
}
