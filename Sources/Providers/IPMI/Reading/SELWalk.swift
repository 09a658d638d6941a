internal import IPMIWire

/// Reads entries of a BMC's event log, in as many steps as the budget of requests makes of it (IPMI
/// v2.0 31.5).
///
/// An entry names the one after it, not the one before it. So that of a long log just the newest
/// are read, the IDs of earlier ones are guessed: most BMCs number the entries one by one. What is
/// guessed is believed where the entry names the one already read as its next; else the log is
/// read from its first entry on.
struct SELWalk: Sendable {
    private enum State: Sendable {
        case last
        /// Reads what precedes the record `successor`; `first` is the ID of the log's first entry.
        case back(successor: UInt16, stride: UInt16, first: UInt16?)
        case probing(successor: UInt16)
        case forth(UInt16)
        case done
    }

    /// The most entries that are read.
    let limit: Int
    /// How many there are, as the BMC counts; nil if that is of no interest.
    let count: Int?
    /// Entries before it are not needed.
    let isEarlier: @Sendable (SELRecord) -> Bool
    /// The oldest first.
    private(set) var records: [SELRecord] = []
    /// Why not all was read that was wanted; nil if it was.
    private(set) var complaint: String?
    /// Whether entries are missing that there are.
    private(set) var isBroken = false
    /// What was read from the end on before the walk began at the start.
    private var newest: [SELRecord] = []
    private var state: State
    private var seen: Set<UInt16> = []
    private var earlier = 0
    private var stalls = 0
    private var isStalled = false

    private static let maximumStalls = 8
    private static let maximumEntries = 0x4000

    /// Reads the newest entries.
    /// - Parameters:
    ///   - count: how many there are, as the BMC counts.
    ///   - isEarlier: tells entries that are not needed any more. A clock may have been wrong for a
    ///     moment, so a few of them are needed to end the walk.
    init(
        limit: Int, of count: Int? = nil, until isEarlier: @escaping @Sendable (SELRecord) -> Bool
    ) {
        self.limit = limit
        self.count = count
        self.isEarlier = isEarlier
        state = .last
    }

    /// Reads from an entry on, to the end.
    init(from id: UInt16, limit: Int) {
        self.limit = limit
        count = nil
        isEarlier = { _ in false }
        state = .forth(id)
    }

    var isDone: Bool {
        if case .done = state { true } else { false }
    }

    /// Goes on until all is read, the budget is used up, or the BMC is too busy for now.
    mutating func advance(_ budget: inout RequestBudget) async throws(IPMIFailure) {
        isStalled = false
        while budget.left > 0, !isDone, !isStalled {
            switch state {
            case .last: try await readLast(&budget)
            case .back(let successor, let stride, let first):
                try await readBack(successor, stride, first, &budget)
            case .probing(let successor): try await probe(successor, &budget)
            case .forth(let id): try await readForth(id, &budget)
            case .done: return
            }
        }
    }

    private mutating func readLast(_ budget: inout RequestBudget) async throws(IPMIFailure) {
        switch try await entry(GetSELEntry.last, &budget) {
        case .response(let last):
            add(last.record, atEnd: false)
            if !isDone { state = .back(successor: last.record.id, stride: 1, first: nil) }
        case .refused(.notPresent) where count ?? 0 == 0:
            state = .done
        case .refused, .malformed, .ignored:
            state = .forth(GetSELEntry.first)
        case .unasked:
            break
        }
    }

    private mutating func readBack(
        _ successor: UInt16, _ stride: UInt16, _ first: UInt16?, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) {
        guard successor != first else { return finish() }
        let id = successor &- stride
        guard id != GetSELEntry.first, id != GetSELEntry.last, !seen.contains(id) else {
            if first == nil { state = .probing(successor: successor) } else { finish() }
            return
        }
        switch try await entry(id, &budget) {
        case .response(let found) where found.record.id == id && found.next == successor:
            add(found.record, atEnd: false)
            if !isDone { state = .back(successor: id, stride: stride, first: first) }
        case .response, .refused, .malformed, .ignored:
            if first == nil { state = .probing(successor: successor) } else { startOver() }
        case .unasked:
            break
        }
    }

    /// Learns from the first entry whether the log ends here, and how its IDs follow each other.
    private mutating func probe(
        _ successor: UInt16, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) {
        switch try await entry(GetSELEntry.first, &budget) {
        case .response(let found) where found.record.id == successor:
            finish()
        case .response(let found) where found.next == successor:
            add(found.record, atEnd: false)
            if !isDone { finish() }
        case .response(let found) where found.next != GetSELEntry.last:
            let stride = found.next &- found.record.id
            if stride > 1, stride < 0x100 {
                state = .back(successor: successor, stride: stride, first: found.record.id)
            } else {
                startOver()
            }
        case .response, .refused, .malformed, .ignored:
            startOver()
        case .unasked:
            break
        }
    }

    private mutating func startOver() {
        newest = records
        records = []
        seen = []
        state = .forth(GetSELEntry.first)
    }

    private mutating func readForth(
        _ id: UInt16, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) {
        switch try await entry(id, &budget) {
        case .response(let found):
            let isNew = !seen.contains(found.record.id)
            if isNew { add(found.record, atEnd: true) }
            if found.next == GetSELEntry.last {
                if newest.contains(where: { !seen.contains($0.id) }) {
                    breakOff("entry \(found.record.id) names none as its next, and is not the last")
                } else {
                    finish()
                }
            } else if !isNew || found.next == GetSELEntry.first || seen.contains(found.next) {
                breakOff(
                    "entry \(found.record.id) names \(found.next) as its next, which was there before"
                )
            } else if !isDone {
                state = .forth(found.next)
            }
        case .refused(.notPresent) where records.isEmpty && newest.isEmpty && count ?? 0 == 0:
            state = .done
        case .refused(let code):
            breakOff("entry \(id): \(code)")
        case .malformed:
            breakOff("entry \(id): the answer makes no sense")
        case .ignored:
            breakOff("entry \(id): the BMC says nothing to it")
        case .unasked:
            break
        }
    }

    private mutating func add(_ record: SELRecord, atEnd: Bool) {
        seen.insert(record.id)
        if atEnd {
            records.append(record)
            // The newest are what is wanted; the walk goes on to them.
            if records.count > limit {
                records.removeFirst(records.count - limit)
                complaint = "just the newest \(limit) entries were kept"
            }
            if seen.count > Self.maximumEntries {
                end("more than \(Self.maximumEntries) entries")
            }
        } else {
            records.insert(record, at: 0)
            earlier = isEarlier(record) ? earlier + 1 : 0
            if earlier >= 3 {
                state = .done
            } else if records.count >= limit {
                end("just the newest \(limit) entries were read")
            }
        }
    }

    /// The walk has come to the log's other end.
    private mutating func finish() {
        if let count, count <= Self.maximumEntries, complaint == nil, seen.count < count {
            breakOff("the BMC counts \(count) entries, and told of \(seen.count)")
        } else {
            state = .done
        }
    }

    /// The chain of entries ends before the last; what was read from there is known all the same.
    private mutating func breakOff(_ complaint: String) {
        records += newest.filter { !seen.contains($0.id) }
        isBroken = true
        end(complaint)
    }

    private mutating func end(_ complaint: String) {
        self.complaint = complaint
        state = .done
    }

    private struct Entry: Sendable {
        let record: SELRecord
        let next: UInt16
    }

    private mutating func entry(
        _ id: UInt16, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> RequestBudget.Answer<Entry> {
        switch try await budget.ask(GetSELEntry(recordID: id)) {
        case .response(let response):
            stalls = 0
            do {
                return .response(
                    Entry(record: try SELRecord(bytes: response.data), next: response.nextRecordID))
            } catch {
                return .malformed(error)
            }
        case .refused(let code) where code.isTransient && stalls < Self.maximumStalls:
            stalls += 1
            isStalled = true
            return .unasked
        case .refused(let code): return .refused(code)
        case .malformed(let reason): return .malformed(reason)
        case .ignored: return .ignored
        case .unasked: return .unasked
        }
    }
}
