/// The claims by instance ID, and those that are described by their tags and in their order.
struct InstanceIndex {
    private struct Tag: Hashable {
        let key: String
        let value: String
    }

    private struct Described {
        let key: RecordKey
        let claim: Claim
        let hostname: String?
        var description: InstanceDescription
    }

    /// The configuration that a group's claims are made from.
    private struct Configuration {
        let id: String
        let hash: String?
    }

    private var keys: [String: RecordKey] = [:]
    // Described instances have small numbers, so that a set of them is cheap to walk.
    private var described: [Described?] = []
    private var vacant: [Int] = []
    private var numbers: [String: Int] = [:]
    private var byTag: [Tag: Set<Int>] = [:]
    /// The instances that hold a logical ID: one, but in states that older releases have written.
    private var holders: [LogicalIDKey: Set<String>] = [:]
    /// The described instances that have a device's hostname for a logical ID, unless another
    /// instance of their group has it for its own.
    private var hosts: [LogicalIDKey: Set<Int>] = [:]
    private var newest: [String?: Configuration] = [:]
    /// The instances that carry a logical ID and don't hold it, for their machines have failed.
    private var failed: [LogicalIDKey: Set<RecordKey>] = [:]

    /// The record of an instance.
    func key(of id: String) -> RecordKey? { keys[id] }

    /// The instance that holds a logical ID in a group.
    func holder(of key: LogicalIDKey) -> String? { holders[key]?.min() }

    /// The records of instances that carried a logical ID until their machines failed.
    func failedCarriers(of key: LogicalIDKey) -> Set<RecordKey> { failed[key] ?? [] }

    /// The IDs of all claims.
    var ids: some Collection<String> { keys.keys }

    /// Whether a claim is made from another configuration than its group's newest.
    func isOutdated(_ claim: Claim) -> Bool {
        guard claim.spec.logicalID == nil, let newest = newest[claim.group],
            newest.id < claim.id, let hash = newest.hash
        else { return false }
        return claim.spec.configurationHash != hash
    }

    mutating func insert(_ claim: Claim, key: RecordKey, hostname: String?) {
        keys[claim.id] = key
        // An ID counts down: the lowest is the newest.
        if claim.state.isDescribed, claim.spec.configurationHash != nil,
            newest[claim.group].map({ claim.id <= $0.id }) ?? true
        {
            newest[claim.group] = Configuration(
                id: claim.id, hash: claim.spec.configurationHash)
        }
        if claim.state.holdsLogicalID, let logicalID = claim.logicalIDKey {
            holders[logicalID, default: []].insert(claim.id)
            describeHosts(of: logicalID)
        }
        if !claim.state.holdsLogicalID, let logicalID = claim.logicalIDKey {
            failed[logicalID, default: []].insert(key)
        }
        guard claim.state.isDescribed else { return }
        let number = vacant.popLast() ?? described.count
        let entry = Described(
            key: key, claim: claim, hostname: hostname,
            description: description(of: claim, hostname))
        if number == described.count {
            described.append(entry)
        } else {
            described[number] = entry
        }
        numbers[claim.id] = number
        for (key, value) in claim.spec.tags {
            byTag[Tag(key: key, value: value), default: []].insert(number)
        }
        if let host = Self.host(claim, hostname) { hosts[host, default: []].insert(number) }
    }

    mutating func remove(_ claim: Claim) {
        let key = keys.removeValue(forKey: claim.id)
        if !claim.state.holdsLogicalID, let logicalID = claim.logicalIDKey, let key {
            failed[logicalID]?.remove(key)
            if failed[logicalID]?.isEmpty ?? false { failed[logicalID] = nil }
        }
        if claim.state.holdsLogicalID, let logicalID = claim.logicalIDKey {
            holders[logicalID]?.remove(claim.id)
            if holders[logicalID]?.isEmpty ?? false { holders[logicalID] = nil }
            describeHosts(of: logicalID)
        }
        guard let number = numbers.removeValue(forKey: claim.id) else { return }
        let hostname = described[number]?.hostname
        described[number] = nil
        vacant.append(number)
        for (key, value) in claim.spec.tags {
            let tag = Tag(key: key, value: value)
            byTag[tag]?.remove(number)
            if byTag[tag]?.isEmpty ?? false { byTag[tag] = nil }
        }
        if let host = Self.host(claim, hostname) {
            hosts[host]?.remove(number)
            if hosts[host]?.isEmpty ?? false { hosts[host] = nil }
        }
    }

    /// The described instances that have all the given tags, in the order of `active`.
    func described(with tags: [String: String]) -> [InstanceDescription] {
        // Sorted are pairs of numbers: what is described is large to move about.
        var found: [(order: Int64, number: Int)] = []
        func add(_ number: Int) {
            guard let order = described[number]?.claim.order else { return }
            found.append((order, number))
        }
        let sets = tags.map { byTag[Tag(key: $0.key, value: $0.value)] ?? [] }
        if let narrowest = sets.min(by: { $0.count < $1.count }) {
            found.reserveCapacity(narrowest.count)
            for number in narrowest
            where sets.count == 1 || sets.allSatisfy({ $0.contains(number) }) {
                add(number)
            }
        } else {
            found.reserveCapacity(described.count)
            for number in described.indices { add(number) }
        }
        found.sort { $0.order < $1.order }
        return found.compactMap { described[$0.number]?.description }
    }

    // MARK: Logical IDs that are told

    private static func host(_ claim: Claim, _ hostname: String?) -> LogicalIDKey? {
        guard claim.spec.logicalID == nil else { return nil }
        return hostname.map { LogicalIDKey(logicalID: $0, group: claim.group) }
    }

    /// Tells those anew whose hostname is, or is no longer, the logical ID of another instance.
    private mutating func describeHosts(of key: LogicalIDKey) {
        for number in hosts[key] ?? [] {
            guard let entry = described[number] else { continue }
            let description = description(of: entry.claim, entry.hostname)
            described[number]?.description = description
        }
    }

    private func description(of claim: Claim, _ hostname: String?) -> InstanceDescription {
        let host = Self.host(claim, hostname).flatMap { holders[$0] == nil ? hostname : nil }
        return InstanceDescription(
            id: claim.id, logicalID: claim.spec.logicalID ?? host, tags: claim.spec.tags,
            properties: claim.spec.properties)
    }
}
