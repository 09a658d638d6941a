internal import Locking

/// A history that ends with the process. A device's latest events push out its oldest.
public final class MemoryHistory: HistoryKeeping {
    /// How many bytes of a device's events are kept; a usual event has some 150.
    package static let maximumBytes = 16 << 10

    private let limit: Int
    private let events: Mutex<[String: [HistoryEvent]]>

    /// - Parameter limit: how many events are kept a device, as far as they fit into 16 KiB.
    public init(limit: Int = 50, events: [HistoryEvent] = []) {
        self.limit = limit
        self.events = Mutex([:])
        for event in events { append(event) }
    }

    public func append(_ event: HistoryEvent) {
        events.withLock { events in
            events[event.device, default: []].append(event)
            let kept = events[event.device, default: []]
            var bytes = 0
            let fitting = kept.reversed().prefix { event in
                bytes += event.size
                return bytes <= Self.maximumBytes
            }
            let surplus = kept.count - min(limit, max(1, fitting.count))
            if surplus > 0 { events[event.device]?.removeFirst(surplus) }
        }
    }

    public func events(of device: String) -> [HistoryEvent] {
        events.withLock { $0[device] ?? [] }
    }

    /// All events, in the order of their dates.
    package var all: [HistoryEvent] {
        events.withLock { $0.values.joined().sorted { $0.date < $1.date } }
    }
}

extension HistoryEvent {
    /// About as many bytes as its line in a file has.
    fileprivate var size: Int {
        100 + device.utf8.count + (instance?.utf8.count ?? 0) + cause.utf8.count
    }
}
