/// The claims by instance ID, and those that are described by their tags and in their order.
struct InstanceIndex {
    private struct Tag: Hashable {
        let key: String
        let value: String
    }

    private struct Entry {
        let key: RecordKey
        let order: Int64
        let description: InstanceDescription
    }

    private var keys: [String: RecordKey] = [:]
    // Described instances have small numbers, so that a set of them is cheap to walk.
    private var entries: [Entry?] = []
    private var vacant: [Int] = []
    private var numbers: [String: Int] = [:]
    private var byTag: [Tag: Set<Int>] = [:]
    private var carriers: [LogicalIDKey: String] = [:]
    private(set) var lowestOrder: Int64 = 0
    private(set) var highestOrder: Int64 = -1

    /// The record of an instance.
    func key(of id: String) -> RecordKey? { keys[id] }

    /// The described instance that carries a logical ID in a group.
    func carrier(of logicalID: String, group: String?) -> String? {
        carriers[LogicalIDKey(logicalID: logicalID, group: group)]
    }

    /// The IDs of all claims.
    var ids: some Collection<String> { keys.keys }

    mutating func insert(_ claim: Claim, key: RecordKey, hostname: String?) {
        keys[claim.id] = key
        lowestOrder = min(lowestOrder, claim.order)
        highestOrder = max(highestOrder, claim.order)
        guard !claim.isNonFunctional else { return }
        let entry = Entry(
            key: key, order: claim.order, description: description(of: claim, hostname))
        let number = vacant.popLast() ?? entries.count
        if number == entries.count { entries.append(entry) } else { entries[number] = entry }
        numbers[claim.id] = number
        for (key, value) in claim.spec.tags {
            byTag[Tag(key: key, value: value), default: []].insert(number)
        }
        if let logicalID = claim.spec.logicalID {
            carriers[LogicalIDKey(logicalID: logicalID, group: claim.group)] = claim.id
        }
    }

    mutating func remove(_ claim: Claim) {
        keys[claim.id] = nil
        guard let number = numbers.removeValue(forKey: claim.id) else { return }
        entries[number] = nil
        vacant.append(number)
        for (key, value) in claim.spec.tags {
            let tag = Tag(key: key, value: value)
            byTag[tag]?.remove(number)
            if byTag[tag]?.isEmpty ?? false { byTag[tag] = nil }
        }
        if let logicalID = claim.spec.logicalID {
            let carrier = LogicalIDKey(logicalID: logicalID, group: claim.group)
            if carriers[carrier] == claim.id { carriers[carrier] = nil }
        }
    }

    /// The described instances that have all the given tags, in the order of `active`.
    func described(with tags: [String: String]) -> [InstanceDescription] {
        let found: [Entry]
        let sets = tags.map { byTag[Tag(key: $0.key, value: $0.value)] ?? [] }
        if let narrowest = sets.min(by: { $0.count < $1.count }) {
            let others = sets.count > 1
            found = narrowest.compactMap { number in
                guard !others || sets.allSatisfy({ $0.contains(number) }) else { return nil }
                return entries[number]
            }
        } else {
            found = entries.compactMap { $0 }
        }
        return found.sorted { $0.order < $1.order }.map(\.description)
    }

    private func description(of claim: Claim, _ hostname: String?) -> InstanceDescription {
        InstanceDescription(
            id: claim.id, logicalID: claim.spec.logicalID ?? hostname, tags: claim.spec.tags,
            properties: claim.spec.properties)
    }
}
