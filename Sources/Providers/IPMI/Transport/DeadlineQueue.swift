internal import HeapModule

/// When which line has something to do: one heap for all.
///
/// A line whose moment moves to later stays where it is, and is put back when it comes up; so a
/// line costs one place in the heap, and an answer in time costs nothing.
struct DeadlineQueue<Key: Sendable>: Sendable {
    private struct Entry: Comparable, Sendable {
        let time: Duration
        let order: UInt64
        let key: Key

        static func < (left: Entry, right: Entry) -> Bool {
            (left.time, left.order) < (right.time, right.order)
        }

        static func == (left: Entry, right: Entry) -> Bool {
            left.order == right.order
        }
    }

    private var heap = Heap<Entry>()
    private var lastOrder: UInt64 = 0

    var first: Duration? { heap.min?.time }

    mutating func insert(_ key: Key, at time: Duration) {
        lastOrder += 1
        heap.insert(Entry(time: time, order: lastOrder, key: key))
    }

    /// The next one whose moment has come.
    mutating func pop(at now: Duration) -> (key: Key, time: Duration)? {
        guard let entry = heap.min, entry.time <= now else { return nil }
        heap.removeMin()
        return (entry.key, entry.time)
    }
}
