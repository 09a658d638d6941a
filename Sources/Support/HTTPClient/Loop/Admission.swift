internal import DequeModule

/// Lets a bounded number of exchanges set up their connections at the same time, the others wait
/// in the order in which they came: a handshake takes several times the memory of the connection
/// that comes of it.
///
/// A place is free again once the connection stands or the exchange ends, and at the latest after
/// ``patience``: servers that don't answer must not hold up the others.
struct Admission<Item> {
    /// How long an exchange that has no connection yet keeps its place.
    static var patience: Duration { .milliseconds(500) }

    private let limit: Int
    private var waiting: [UInt64: Item] = [:]
    private var queue: Deque<UInt64> = []
    private var inside: Set<UInt64> = []
    /// Those inside in the order of their admission; some may have left.
    private var admissions: Deque<(id: UInt64, time: ContinuousClock.Instant)> = []

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    mutating func enqueue(_ item: Item, id: UInt64) {
        waiting[id] = item
        queue.append(id)
    }

    /// The next one to begin, if there is one and a place for it.
    mutating func admit(at now: ContinuousClock.Instant = .now) -> Item? {
        guard !waiting.isEmpty else { return nil }
        dropPast(now - Self.patience)
        while inside.count < limit, let id = queue.popFirst() {
            guard let item = waiting.removeValue(forKey: id) else { continue }
            inside.insert(id)
            admissions.append((id, now))
            return item
        }
        return nil
    }

    /// Frees the place of an exchange, if it has one.
    mutating func leave(_ id: UInt64) { inside.remove(id) }

    /// Takes out one that waits; nil if it does not.
    mutating func withdraw(_ id: UInt64) -> Item? {
        let item = waiting.removeValue(forKey: id)
        if waiting.isEmpty { queue.removeAll() }
        return item
    }

    /// Takes out all that wait.
    mutating func withdrawAll() -> [Item] {
        defer {
            waiting = [:]
            queue = []
        }
        return queue.compactMap { waiting[$0] }
    }

    /// When the next place is free whatever happens; nil if nobody waits for it.
    var nextAdmission: ContinuousClock.Instant? {
        waiting.isEmpty ? nil : admissions.first.map { $0.time + Self.patience }
    }

    private mutating func dropPast(_ time: ContinuousClock.Instant) {
        while let first = admissions.first, first.time <= time || !inside.contains(first.id) {
            admissions.removeFirst()
            inside.remove(first.id)
        }
    }
}
