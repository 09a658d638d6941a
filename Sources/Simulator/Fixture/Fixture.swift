public import Core
internal import Foundation

/// A recorded Redfish service, held in memory once for all BMCs that are served from it.
public final class Fixture: Sendable {
    /// What the fixture is called: the folder's name.
    public let name: String

    let resources: [String: FixtureResource]
    let systems: [FixtureSystem]
    /// The collection of sessions, if the service has one: where a client logs in.
    let sessionsPath: String?
    /// Where the service sends its events from (`ServerSentEventUri`), if it does.
    let eventsPath: String?
    let queries: QuerySupport
    let media: FixtureMedia
    /// What it shows over IPMI.
    let hardware: SimulatedHardware
    /// What is served as it was recorded, by path.
    private let answers: [String: RecordedAnswer]
    /// Paths by their lower-case spelling, for links that differ in case from the folder.
    private let foldedPaths: [String: String]

    /// A service of the given resources.
    ///
    /// - Parameters:
    ///   - name: what the fixture is called.
    ///   - resources: each resource under its path, `/redfish/v1/Systems/1`.
    ///   - headers: recorded headers of resources, under the same paths.
    /// - Throws: ``FixtureError`` if there is no service root or no system.
    public convenience init(
        name: String, resources: [String: JSON], headers: [String: [String: String]] = [:]
    ) throws(FixtureError) {
        try self.init(name: name, resources: resources, headers: headers, answers: [:])
    }

    init(
        name: String, resources: [String: JSON], headers: [String: [String: String]],
        answers: [String: RecordedAnswer], allowingNoSystems: Bool = false
    ) throws(FixtureError) {
        var recorded: [String: JSON] = [:]
        for (path, resource) in resources { recorded[ResourcePath.withQuery(path)] = resource }
        guard let root = recorded[ResourcePath.root] else {
            throw FixtureError(name, "has no service root \(ResourcePath.root)")
        }
        let folded = Dictionary(
            recorded.keys.map { ($0.lowercased(), $0) }, uniquingKeysWith: { min($0, $1) })
        func lookup(_ link: String) -> (path: String, resource: JSON)? {
            let path = ResourcePath.canonical(link)
            if let resource = recorded[path] { return (path, resource) }
            return folded[path.lowercased()].flatMap { path in
                recorded[path].map { (path, $0) }
            }
        }
        systems = Self.systems(of: root, lookup: lookup)
        guard allowingNoSystems || !systems.isEmpty else {
            throw FixtureError(name, "has no ComputerSystem in its collection of systems")
        }
        self.name = name
        self.answers = answers
        self.resources = Self.prepared(recorded, systems: systems, headers: headers)
        foldedPaths = folded
        sessionsPath = Self.sessionsPath(of: root, lookup: lookup)
        eventsPath = root["EventService"]?["@odata.id"]?.string.flatMap {
            lookup($0)?.resource["ServerSentEventUri"]?.string.map { ResourcePath.canonical($0) }
        }
        queries = QuerySupport(root: root)
        hardware = SimulatedHardware(recorded)
        media = FixtureMedia(root: root, systems: systems, lookup: lookup)
    }

    /// How many computer systems it has.
    public var systemCount: Int { systems.count }

    /// The resource that a request or a link means, in whatever spelling.
    func resource(at path: String) -> FixtureResource? {
        if let known = resources[path] ?? foldedPaths[path.lowercased()].flatMap({ resources[$0] })
        {
            return known
        }
        // Folders' names are not encoded, links mostly are.
        guard path.utf8.contains(UInt8(ascii: "%")), let plain = path.removingPercentEncoding else {
            return nil
        }
        return resources[plain] ?? foldedPaths[plain.lowercased()].flatMap { resources[$0] }
    }

    /// The page of a collection that a query asks for, if it was recorded.
    func page(at path: String, query: String) -> FixtureResource? {
        resources[path + "?" + query]
    }

    /// What is served as it was recorded.
    func answer(at path: String) -> RecordedAnswer? {
        answers[path]
    }

    private static func systems(
        of root: JSON, lookup: (String) -> (path: String, resource: JSON)?
    ) -> [FixtureSystem] {
        let link =
            root["Systems"]?["@odata.id"]?.string ?? root["links"]?["Systems"]?["href"]?.string
            ?? ResourcePath.root + "/Systems"
        let members = lookup(link)?.resource["Members"]?.array ?? []
        return members.compactMap { member in
            // The iLO 4 and others of its age still write {"href": …}.
            let link = member["@odata.id"]?.string ?? member["href"]?.string
            guard let found = link.flatMap(lookup) else { return nil }
            let type = found.resource["@odata.type"]?.string ?? "ComputerSystem."
            guard type.contains("ComputerSystem."), !isTemplate(found.resource) else { return nil }
            return FixtureSystem(path: found.path, recorded: found.resource) {
                lookup($0)?.resource
            }
        }
    }

    // A capabilities object has the type of what may be created (DSP2050, "Collection Capabilities
    // Object"), and says of its properties what a client has to give.
    private static func isTemplate(_ resource: JSON) -> Bool {
        resource.object?.contains { $0.key.hasSuffix("@Redfish.RequiredOnCreate") } == true
    }

    private static func sessionsPath(
        of root: JSON, lookup: (String) -> (path: String, resource: JSON)?
    ) -> String? {
        let link =
            root["Links"]?["Sessions"]?["@odata.id"]?.string
            ?? root["SessionService"]?["@odata.id"]?.string.flatMap {
                lookup($0)?.resource["Sessions"]?["@odata.id"]?.string
            } ?? root["links"]?["Sessions"]?["href"]?.string
        return link.map { ResourcePath.canonical($0) }
    }

    private static func prepared(
        _ recorded: [String: JSON], systems: [FixtureSystem], headers: [String: [String: String]]
    ) -> [String: FixtureResource] {
        var maker = TemplateMaker(systems: systems)
        var prepared: [String: FixtureResource] = [:]
        func prepare(_ path: String, _ resource: JSON, system: Int?) {
            let repeated = (headers[path] ?? [:]).sorted { $0.key < $1.key }
            let etagHeader = repeated.first { $0.key.lowercased() == "etag" }?.value
            prepared[path] = FixtureResource(
                path: path,
                template: maker.template(
                    of: resource, system: system,
                    settings: systems.firstIndex { $0.bootSettingsPath == path }),
                system: system, isCollection: resource["Members"]?.array != nil,
                etag: resource["@odata.etag"]?.string ?? etagHeader,
                headers: repeated.filter { isWorthRepeating($0.key) }
                    .map { (name: $0.key, value: $0.value) })
        }
        for (index, system) in systems.enumerated() {
            if let resource = recorded[system.path] {
                prepare(system.path, resource, system: index)
            }
        }
        // Sorted, so that identities are numbered alike in every run.
        for (path, resource) in recorded.sorted(by: { $0.key < $1.key })
        where prepared[path] == nil {
            prepare(path, resource, system: nil)
        }
        return prepared
    }

    // What this server writes itself, and what belonged to the recorded exchange alone.
    private static func isWorthRepeating(_ header: String) -> Bool {
        let own: Set = [
            "allow", "connection", "content-encoding", "content-length", "content-type", "date",
            "etag", "keep-alive", "odata-version", "set-cookie", "transfer-encoding",
            "x-auth-token",
        ]
        return !own.contains(header.lowercased())
    }
}
