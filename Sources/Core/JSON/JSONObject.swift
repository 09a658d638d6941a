internal import OrderedCollections

/// A JSON object: unique keys in the order in which they were added.
public struct JSONObject: Sendable {
    private var entries: OrderedDictionary<String, JSON>

    /// An empty object.
    public init() {
        entries = [:]
    }

    /// An object of the given members; where a key is repeated, the last value stays in the place
    /// of the first.
    public init(_ members: some Sequence<(String, JSON)>) {
        entries = OrderedDictionary(members, uniquingKeysWith: { _, last in last })
    }

    init(capacity: Int) {
        entries = OrderedDictionary(minimumCapacity: capacity)
    }

    /// The value under `key`. Setting nil removes the key; setting a value under a known key
    /// leaves it in its place.
    public subscript(key: String) -> JSON? {
        get { entries[key] }
        set { entries[key] = newValue }
    }

    /// The keys, in order.
    public var keys: [String] { Array(entries.keys) }

    /// The values, in the order of their keys.
    public var values: [JSON] { Array(entries.values) }
}

extension JSONObject: Sequence {
    /// The members, in order.
    public func makeIterator() -> AnyIterator<(key: String, value: JSON)> {
        var iterator = entries.makeIterator()
        return AnyIterator { iterator.next().map { (key: $0.key, value: $0.value) } }
    }

    public var underestimatedCount: Int { entries.count }

    /// The number of members.
    public var count: Int { entries.count }

    /// Whether there are no members.
    public var isEmpty: Bool { entries.isEmpty }
}

extension JSONObject: Hashable {
    /// Equal if the same keys have the same values, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.entries.allSatisfy { right.entries[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        var mixed = 0
        for (key, value) in entries {
            var one = Hasher()
            one.combine(key)
            one.combine(value)
            mixed ^= one.finalize()
        }
        hasher.combine(count)
        hasher.combine(mixed)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements)
    }
}
