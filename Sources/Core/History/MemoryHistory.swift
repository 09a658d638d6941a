internal import Locking

/// A history that ends with the process. A device's latest events push out its oldest.
public final class MemoryHistory: HistoryKeeping {
    private let limit: Int
    private let events: Mutex<[String: [HistoryEvent]]>

    /// - Parameter limit: how many events are kept a device.
    public init(limit: Int = 50, events: [HistoryEvent] = []) {
        self.limit = limit
        self.events = Mutex([:])
        for event in events { append(event) }
    }

    public func append(_ event: HistoryEvent) {
        events.withLock { events in
            events[event.device, default: []].append(event)
            let surplus = (events[event.device]?.count ?? 0) - limit
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
