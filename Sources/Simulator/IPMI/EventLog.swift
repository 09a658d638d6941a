internal import IPMIWire

/// The system event log (IPMI v2.0 31).
struct EventLog: Sendable {
    /// How many entries fit.
    static let capacity = 512

    private(set) var entries: [SELRecord] = []
    private(set) var lastAddition = IPMITimestamp.unspecified
    private(set) var lastErase = IPMITimestamp.unspecified
    private(set) var hasOverflowed = false
    /// What the clock was set ahead of the simulator's, in seconds.
    var clockOffset: Int64 = 0
    private var reservation: UInt16 = 0
    private var lastID: UInt16 = 0

    mutating func add(_ event: SystemEvent) {
        guard entries.count < Self.capacity else {
            hasOverflowed = true
            return
        }
        lastID = lastID >= 0xFFFE ? 1 : lastID + 1
        entries.append(SELRecord(id: lastID, body: .event(event)))
        lastAddition = event.time
        // What was reserved was another log.
        reservation = 0
    }

    mutating func clear(at time: IPMITimestamp) {
        entries = []
        lastErase = time
        hasOverflowed = false
        reservation = 0
    }

    mutating func reserve(_ id: UInt16) -> UInt16 {
        reservation = id
        return id
    }

    func isReserved(_ id: UInt16) -> Bool { id != 0 && id == reservation }

    /// Where an entry stands.
    func index(of id: UInt16) -> Int? {
        switch id {
        case GetSELEntry.first: entries.isEmpty ? nil : 0
        case GetSELEntry.last: entries.isEmpty ? nil : entries.count - 1
        default: entries.firstIndex { $0.id == id }
        }
    }
}
