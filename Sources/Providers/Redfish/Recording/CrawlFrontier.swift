internal import Core

/// What of a service is still to be read. Does no I/O: it hands out links and is told what came.
struct CrawlFrontier {
    struct Step: Hashable {
        /// The resource's path in its one spelling.
        let path: String
        /// As the service spelt it: some answer only to a slash at the end, some only without.
        let link: String
        let depth: Int
    }

    private let address: BMCAddress
    private let limits: CrawlLimits
    private var queue: [Step] = []
    private var head = 0
    private var seen: Set<String> = []
    private var depths: [String: Int] = [:]
    private var targets: Set<String> = []
    private var sessionsPath: String?
    private var readCount = 0
    private var byteCount = 0

    /// Paths by why they were not read, in the order in which they were found.
    private(set) var skipped: [CrawlSkip: [String]] = [:]

    private static let root = "/redfish/v1"
    private static let longestPath = 1024
    private static let schemaFolders: Set<Substring> = [
        "$metadata", "jsonschemas", "registries", "schemas", "schemastore",
    ]

    init(address: BMCAddress, limits: CrawlLimits) {
        self.address = address
        self.limits = limits
        seen = [Self.root]
        depths = [Self.root: 0]
        queue = [Step(path: Self.root, link: ServiceRoot.path, depth: 0)]
        if limits.includesSchemas {
            find(Self.root + "/$metadata", depth: 1)
            find(Self.root + "/odata", depth: 1)
        }
    }

    /// How many links wait.
    var waiting: Int { queue.count - head }

    /// The next resource to read; nil if none waits now.
    mutating func next() -> Step? {
        while head < queue.count {
            let step = queue[head]
            head += 1
            if targets.contains(step.path) {
                skip(step.path, .action)
            } else if readCount >= limits.resources {
                skip(step.path, .tooMany)
            } else if byteCount >= limits.bytes {
                skip(step.path, .tooLarge)
            } else {
                readCount += 1
                return step
            }
        }
        return nil
    }

    /// Takes an answer that an earlier run got, so that it is not asked for again. Has to be told
    /// all of them, in their order.
    mutating func resume(with resource: RecordedResource, bytes: Int) {
        if let index = queue[head...].firstIndex(where: { $0.path == resource.path }) {
            queue.remove(at: index)
            readCount += 1
        }
        seen.insert(resource.path)
        receive(resource, bytes: bytes)
    }

    /// Takes what came for a path: its links are followed.
    mutating func receive(_ resource: RecordedResource, bytes: Int) {
        byteCount += bytes
        guard resource.isRead, let json = resource.json else { return }
        let links = ResourceLinks(json)
        for target in links.targets {
            if let path = Self.canonical(target, at: address) { targets.insert(path) }
        }
        if resource.path == Self.root {
            sessionsPath = json["Links"]?["Sessions"]?["@odata.id"]?.string
                .flatMap { Self.canonical($0, at: address) }
        }
        let depth = (depths[resource.path] ?? 0) + 1
        for link in links.others { find(link, depth: depth) }
        let isLog = Self.type(of: json) == "LogEntryCollection"
        let limit = isLog ? limits.logEntries ?? .max : .max
        for link in links.members.prefix(limit) { find(link, depth: depth) }
        for link in links.members.dropFirst(limit) { pass(link, .logEntry) }
        // The pages of one collection lie at the same depth.
        guard let next = links.next else { return }
        links.members.count < limit ? find(next, depth: depth - 1) : pass(next, .logEntry)
    }

    private mutating func find(_ link: String, depth: Int) {
        guard let path = Self.canonical(link, at: address) else {
            return skipOnce(link, link.hasPrefix("/") ? .strange : .elsewhere)
        }
        guard !seen.contains(path) else { return }
        if let reason = reason(against: path, depth: depth) { return skipOnce(path, reason) }
        seen.insert(path)
        depths[path] = depth
        queue.append(Step(path: path, link: link, depth: depth))
    }

    private mutating func pass(_ link: String, _ reason: CrawlSkip) {
        let path = Self.canonical(link, at: address) ?? link
        if !seen.contains(path) { skipOnce(path, reason) }
    }

    private mutating func skipOnce(_ path: String, _ reason: CrawlSkip) {
        if seen.insert(path).inserted { skip(path, reason) }
    }

    private mutating func skip(_ path: String, _ reason: CrawlSkip) {
        skipped[reason, default: []].append(path)
    }

    private func reason(against path: String, depth: Int) -> CrawlSkip? {
        let segments = path.prefix { $0 != "?" }.split(
            separator: "/", omittingEmptySubsequences: false
        ).dropFirst()
        guard segments.starts(with: ["redfish", "v1"]) else { return .elsewhere }
        if path.utf8.count > Self.longestPath || segments.contains(where: Self.isDots) {
            return .strange
        }
        if targets.contains(path) { return .action }
        if Self.mayRestart(Array(segments)) { return .restart }
        // What is posted to lies here (DSP0266, "POST (action)"); an ActionInfo does not.
        if let place = segments.firstIndex(of: "Actions"), segments[place...].count > 1,
            !path.lowercased().contains("actioninfo")
        {
            return .action
        }
        if !limits.includesSchemas {
            let isInside = segments.dropLast().contains {
                Self.schemaFolders.contains($0.lowercased()[...])
            }
            if isInside || segments.last?.lowercased().hasSuffix(".json") == true
                || segments.last == "$metadata"
            {
                return .schema
            }
        }
        if let sessionsPath, path.hasPrefix(sessionsPath + "/") { return .session }
        if path.hasPrefix(Self.root + "/SessionService/Sessions/") { return .session }
        return depth > limits.depth ? .tooDeep : nil
    }

    /// An iDRAC 9 is known to restart when the chassis of a storage controller or of an enclosure is
    /// read: `Enclosure.Internal.0-1:RAID.Integrated.1-1`.
    private static func mayRestart(_ segments: [Substring]) -> Bool {
        guard segments.count > 3, segments[2].lowercased() == "chassis" else { return false }
        let id = segments[3].lowercased()
        return id.contains("raid.") || id.contains("enclosure.")
    }

    private static func isDots(_ segment: Substring) -> Bool {
        let plain = segment.lowercased().replacing("%2e", with: ".")
        return plain == "." || plain == ".."
    }

    private static func type(of json: JSON) -> Substring? {
        json["@odata.type"]?.string?.drop { $0 == "#" }.prefix { $0 != "." }
    }

    /// The path that stands for a link in a recording; nil for what leads to another host.
    static func canonical(_ link: String, at address: BMCAddress) -> String? {
        guard let path = address.path(of: link) else { return nil }
        let mark = path.firstIndex(of: "?") ?? path.endIndex
        var place = path[..<mark]
        while place.utf8.count > 1, place.last == "/" { place.removeLast() }
        return String(place) + path[mark...]
    }
}
