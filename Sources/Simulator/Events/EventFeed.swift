internal import NIOCore

/// The streams of events that a BMC has open, and what it told last.
struct EventFeed {
    /// How many events a listener that comes back can be told of.
    static let memory = 64

    private(set) var streams: [ObjectIdentifier: any Channel] = [:]
    private var told: [(number: Int, text: String)] = []
    private var lastNumber = 0
    private var hadListener = false
    private var waiters: [(count: Int, promise: EventLoopPromise<Void>)] = []

    /// Takes an event up; returns the bytes to send, or nil if nobody has ever listened.
    mutating func tell(_ event: SimulatedEvent) -> String? {
        guard hadListener else { return nil }
        lastNumber += 1
        let text = "id: \(lastNumber)\ndata: \(event.json(number: lastNumber))\n\n"
        told.append((lastNumber, text))
        if told.count > Self.memory { told.removeFirst() }
        return text
    }

    /// Takes a listener in; returns what it has missed since the event that it names, and who
    /// waited for it.
    mutating func open(
        _ channel: any Channel, after lastEventID: String?
    ) -> (missed: [String], waiters: [EventLoopPromise<Void>]) {
        hadListener = true
        streams[ObjectIdentifier(channel)] = channel
        let reached = waiters.filter { $0.count <= streams.count }.map(\.promise)
        waiters.removeAll { $0.count <= streams.count }
        guard let last = lastEventID.flatMap({ Int($0) }) else { return ([], reached) }
        return (told.filter { $0.number > last }.map(\.text), reached)
    }

    mutating func close(_ channel: any Channel) {
        streams[ObjectIdentifier(channel)] = nil
    }

    /// Has a promise kept once so many streams are open; false if they are.
    mutating func wait(for count: Int, _ promise: EventLoopPromise<Void>) -> Bool {
        guard streams.count < count else { return false }
        waiters.append((count, promise))
        return true
    }

    mutating func takeWaiters() -> [EventLoopPromise<Void>] {
        defer { waiters = [] }
        return waiters.map(\.promise)
    }
}
