internal import Core

/// The virtual media drives of a recorded service (`VirtualMedia` schema).
struct FixtureMedia: Sendable {
    /// One drive.
    struct Drive: Sendable {
        let path: String
        /// The systems that see what is in it, by their indexes.
        let systems: [Int]
        let types: Set<String>
        /// Whether something was in it at the time of the recording.
        let isInserted: Bool
        /// Where `InsertMedia` is posted; nil if the drive has no such action.
        let insertTarget: String?
        let ejectTarget: String?
    }

    /// What an action does.
    enum Action: Sendable {
        case insert
        case eject
    }

    let drives: [Drive]

    /// - Parameter lookup: finds a recorded resource, and its path, by its link.
    init(
        root: JSON, systems: [FixtureSystem], lookup: (String) -> (path: String, resource: JSON)?
    ) {
        var owners: [String: Set<Int>] = [:]
        var order: [String] = []
        func enter(_ owner: JSON, seenBy systems: Set<Int>) {
            let collection = Self.links(owner, "VirtualMedia").first.flatMap(lookup)
            for link in collection.map({ Self.members($0.resource) }) ?? [] {
                guard let drive = lookup(link) else { continue }
                if owners[drive.path] == nil { order.append(drive.path) }
                owners[drive.path, default: []].formUnion(systems)
            }
        }
        for (index, system) in systems.enumerated() {
            if let resource = lookup(system.path)?.resource { enter(resource, seenBy: [index]) }
        }
        for manager in Self.managers(of: root, lookup) {
            let served = systems.indices.filter { index in
                Self.manages(manager, systems[index], lookup)
            }
            enter(manager.resource, seenBy: Set(served))
        }
        drives = order.compactMap { path in
            lookup(path).map { Self.drive(at: path, $0.resource, systems: owners[path] ?? []) }
        }
    }

    func drive(at path: String) -> Int? {
        let folded = path.lowercased()
        return drives.firstIndex { $0.path.lowercased() == folded }
    }

    /// The drive and what is done to it where an action is posted to `path`.
    func action(at path: String) -> (drive: Int, action: Action)? {
        let folded = path.lowercased()
        for (index, drive) in drives.enumerated() {
            if drive.insertTarget?.lowercased() == folded { return (index, .insert) }
            if drive.ejectTarget?.lowercased() == folded { return (index, .eject) }
        }
        return nil
    }

    private static func managers(
        of root: JSON, _ lookup: (String) -> (path: String, resource: JSON)?
    ) -> [(path: String, resource: JSON)] {
        let collection = links(root, "Managers").first.flatMap(lookup)
        return (collection.map { members($0.resource) } ?? []).compactMap(lookup)
    }

    private static func members(_ collection: JSON) -> [String] {
        let members = links(collection, "Members")
        return members.isEmpty ? links(collection, "Member") : members
    }

    /// The links under a name, also as Redfish's first drafts wrote them: `links`, `href`.
    private static func links(_ resource: JSON, _ name: String) -> [String] {
        for place in [resource, resource["Links"], resource["links"]] {
            guard let found = place?[name] else { continue }
            let links = (found.array ?? [found]).compactMap { link in
                link["@odata.id"]?.string ?? link["href"]?.string
            }
            if !links.isEmpty { return links }
        }
        return []
    }

    private static func manages(
        _ manager: (path: String, resource: JSON), _ system: FixtureSystem,
        _ lookup: (String) -> (path: String, resource: JSON)?
    ) -> Bool {
        func links(_ resource: JSON?, _ name: String) -> [String] {
            (resource.map { Self.links($0, name) } ?? [])
                .map { ResourcePath.canonical($0).lowercased() }
        }
        return links(manager.resource, "ManagerForServers").contains(system.path.lowercased())
            || links(lookup(system.path)?.resource, "ManagedBy").contains(manager.path.lowercased())
    }

    private static func drive(at path: String, _ recorded: JSON, systems: Set<Int>) -> Drive {
        let target = { (name: String) in
            recorded["Actions"]?["#VirtualMedia.\(name)"]?["target"]?.string
                .map { ResourcePath.canonical($0) }
        }
        return Drive(
            path: path, systems: systems.sorted(),
            types: Set((recorded["MediaTypes"]?.array ?? []).compactMap(\.string)),
            isInserted: recorded["Inserted"]?.bool ?? false,
            insertTarget: target("InsertMedia"), ejectTarget: target("EjectMedia"))
    }
}
