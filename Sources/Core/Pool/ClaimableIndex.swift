internal import HeapModule

/// The devices that may be claimed, so that the one to claim next is found without looking at all.
///
/// Devices come out in their order in `available`. They are indexed by label and by what they are
/// made of; each index is a heap from which entries that no longer hold are dropped when they come
/// to the top, or all at once when they have become the majority.
struct ClaimableIndex {
    /// A set of devices that is looked up as one.
    enum Key: Hashable {
        case all
        case label(String, value: String)
        /// The devices with the same facts; nil: with facts not known yet.
        case made(MachineKind?)
    }

    private struct Entry: Comparable {
        let order: Int64
        let name: String

        static func < (left: Entry, right: Entry) -> Bool {
            (left.order, left.name) < (right.order, right.name)
        }
    }

    private struct Queue {
        var heap = Heap<Entry>()
        var count = 0
    }

    private struct Member {
        let order: Int64
        let keys: [Key]
    }

    private var members: [String: Member] = [:]
    private var queues: [Key: Queue] = [:]

    /// The number of devices.
    var count: Int { members.count }

    /// The kinds of machine that have devices here.
    var kinds: [MachineKind?] {
        queues.compactMap { key, queue in
            if case .made(let kind) = key, queue.count > 0 { kind } else { nil }
        }
    }

    /// How many devices there are under a key.
    func count(of key: Key) -> Int {
        queues[key]?.count ?? 0
    }

    /// The names of all devices, in no order.
    var names: some Collection<String> { members.keys }

    mutating func insert(_ name: String, order: Int64, labels: [String: String], kind: MachineKind?)
    {
        remove(name)
        let keys = [.all, .made(kind)] + labels.map { Key.label($0.key, value: $0.value) }
        members[name] = Member(order: order, keys: keys)
        for key in keys {
            queues[key, default: Queue()].heap.insert(Entry(order: order, name: name))
            queues[key]?.count += 1
        }
    }

    mutating func remove(_ name: String) {
        guard let member = members.removeValue(forKey: name) else { return }
        for key in member.keys {
            guard let queue = queues[key] else { continue }
            if queue.count == 1 {
                queues[key] = nil
            } else {
                queues[key]?.count -= 1
                if queue.heap.count > 2 * queue.count + 32 { compact(key) }
            }
        }
    }

    /// The device with the lowest order under `key` that `accepts`; it stays in the index.
    mutating func first(under key: Key, where accepts: (String) -> Bool) -> (
        name: String, order: Int64
    )? {
        guard var queue = queues.removeValue(forKey: key) else { return nil }
        var passed: [Entry] = []
        defer {
            queue.heap.insert(contentsOf: passed)
            queues[key] = queue
        }
        while let entry = queue.heap.popMin() {
            guard let member = members[entry.name], member.order == entry.order else { continue }
            passed.append(entry)
            if accepts(entry.name) { return (entry.name, entry.order) }
        }
        return nil
    }

    private mutating func compact(_ key: Key) {
        guard let queue = queues[key] else { return }
        let valid = queue.heap.unordered.filter { members[$0.name]?.order == $0.order }
        queues[key]?.heap = Heap(
            Set(valid.map(\.name)).compactMap { name in
                members[name].map { Entry(order: $0.order, name: name) }
            })
    }
}

/// What two machines have in common if a ``Requirement`` can't tell them apart.
struct MachineKind: Hashable, Sendable {
    let manufacturer: String?
    let model: String?
    let coreCount: Int?
    let memoryGiB: Double?

    init(_ facts: Facts) {
        manufacturer = facts.manufacturer
        model = facts.model
        coreCount = facts.coreCount
        memoryGiB = facts.memoryGiB
    }

    /// The facts that matter to a requirement.
    var facts: Facts {
        Facts(manufacturer: manufacturer, model: model, coreCount: coreCount, memoryGiB: memoryGiB)
    }
}
