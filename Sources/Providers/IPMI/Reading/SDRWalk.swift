internal import IPMIWire

/// Reads all sensor data records of a BMC, in as many steps as the budget of requests makes of it
/// (IPMI v2.0 33, 35.2 to 35.4).
///
/// BMCs answer less than they are asked for, cancel reservations because somebody else reads too,
/// name a next record that was there before, answer with another record than the one that was asked
/// for, and hold records that can't be read: all that costs at most the record concerned, and is
/// told in ``complaints``. Where the next one is not named, the IDs that follow are tried. A BMC that
/// does not say how many records its repository has is asked for them all the same.
struct SDRWalk: Sendable {
    private enum Source: Sendable {
        case repository
        /// The BMC's own sensors; BMCs without a repository have nothing else.
        case device
    }

    private enum State: Sendable {
        case stamping
        case reserving(Source, at: UInt16)
        case walking(Source, reservation: UInt16, at: UInt16)
        case done
    }

    /// What a record came to.
    private enum Outcome {
        case record(SensorDataRecord, next: UInt16)
        case unreadable(why: String, next: UInt16?)
        /// There are no records, as the BMC says itself.
        case none(why: String)
        case cancelled
        case gone
        case busy
        case unasked
    }

    /// The beginning of a record.
    private struct Piece {
        var bytes: [UInt8] = []
        var next: UInt16?
    }

    private static let maximumRecords = 2048
    private static let maximumCancellations = 16
    private static let maximumRestarts = 3
    private static let maximumStalls = 8
    private static let maximumGuesses = 4
    private static let maximumLoops = 4
    private static let maximumStrangers = 3
    /// How many bytes are asked for at once; the next less where a BMC returns none.
    private static let chunks: [UInt8] = [0xFF, 32, 24, 16, 8]

    private(set) var records: [SensorDataRecord] = []
    /// What was left out, and why.
    private(set) var complaints: [String] = []
    private(set) var stamp: Stamp?
    /// Whether all records were read that there are, as far as the BMC tells.
    private(set) var isWhole = true
    /// How many records could not be read.
    private var leftOut = 0
    /// Where there may be records if there are none here.
    private var otherSource: Source?
    /// Why there are none.
    private var lacks: [String] = []
    /// Why the walk did not go on the last time.
    private(set) var hindrance: String?
    /// How many IDs were tried in a row that nobody named.
    private var guesses = 0
    /// How many records named one as their next that was there before.
    private var loops = 0
    /// How often in a row another record came than was asked for.
    private var strangers = 0
    private var state = State.stamping
    /// What was read of the record that the walk is at, where its step ended within it: a BMC that
    /// returns a few bytes at a time takes more requests for a record than a step may have.
    private var begun = Piece()
    private var seen: Set<UInt16> = []
    private var chunk = 0
    /// With which a record was read last: one that can't be read at all does not tell.
    private var provenChunk = 0
    private var cancellations = 0
    private var restarts = 0
    private var stalls = 0

    var isDone: Bool {
        if case .done = state { true } else { false }
    }

    /// Goes on until all is read, the budget is used up, or the BMC is too busy for now.
    mutating func advance(_ budget: inout RequestBudget) async throws(IPMIFailure) {
        while budget.left > 0 {
            switch state {
            case .stamping:
                try await begin(&budget)
            case .reserving(let source, let id):
                try await reserve(source, at: id, &budget)
            case .walking(let source, let reservation, let id):
                let outcome = try await read(id, source, reservation, &budget)
                if enter(outcome, id: id, source) { return }
            case .done:
                return
            }
        }
    }

    private mutating func begin(_ budget: inout RequestBudget) async throws(IPMIFailure) {
        let info = try await budget.ask(GetSDRRepositoryInfo())
        stamp = info.response.map(Stamp.init)
        lacks = []
        let source: Source
        switch info {
        case .response(let info) where info.recordCount > 0:
            (source, otherSource) = (.repository, nil)
        // A count of 0 may not be true either.
        case .response: (source, otherSource) = (.device, .repository)
        case _ where info.meansNotKnown: (source, otherSource) = (.device, .repository)
        default: (source, otherSource) = (.repository, .device)
        }
        state = .reserving(source, at: RecordPart.first)
    }

    // A BMC whose records never change needs no reservation and may know none.
    private mutating func reserve(
        _ source: Source, at id: UInt16, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) {
        let answer: RequestBudget.Answer<RepositoryReservation>
        switch source {
        case .repository: answer = try await budget.ask(ReserveSDRRepository())
        case .device: answer = try await budget.ask(ReserveDeviceSDRRepository())
        }
        if case .unasked = answer { return }
        state = .walking(source, reservation: answer.response?.id ?? 0, at: id)
    }

    /// - Returns: whether the BMC is to be left alone for now.
    private mutating func enter(_ outcome: Outcome, id: UInt16, _ source: Source) -> Bool {
        switch outcome {
        case .record(let record, let next):
            return enter(record, next: next, id: id, source)
        case .unreadable(let why, let next):
            leaveOut(id, why, next: next, source)
        case .none(let why):
            leaveOut(id, why, next: nil, source, isNone: true)
        case .cancelled:
            cancellations += 1
            guard cancellations > Self.maximumCancellations else {
                state = .reserving(source, at: id)
                break
            }
            let complaint = "the BMC cancelled \(cancellations) reservations"
            cancellations = 0
            state = .reserving(source, at: id)
            return stall(complaint)
        case .gone:
            if guesses > 0 {
                guess(after: id, source)
            } else {
                restart("sensor record \(id) disappeared")
            }
        case .busy:
            return stall("the BMC is too busy to tell of its sensors")
        case .unasked:
            break
        }
        return false
    }

    private mutating func enter(
        _ record: SensorDataRecord, next: UInt16, id: UInt16, _ source: Source
    ) -> Bool {
        if id != RecordPart.first, record.id != id {
            // The answer to somebody else's question, or to an earlier one of ours.
            strangers += 1
            hindrance = "sensor record \(id) was asked for, and \(record.id) came"
            if strangers < Self.maximumStrangers { return true }
            isWhole = false
            complaints.append("sensor record \(id) was asked for, and \(record.id) came")
        }
        (stalls, cancellations, guesses, strangers) = (0, 0, 0, 0)
        hindrance = nil
        provenChunk = chunk
        records.append(record)
        move(to: next, from: id == RecordPart.first ? record.id : id, source)
        return false
    }

    private mutating func leaveOut(
        _ id: UInt16, _ why: String, next: UInt16?, _ source: Source, isNone: Bool = false
    ) {
        chunk = provenChunk
        let count = source == .repository ? stamp?.count ?? 0 : 0
        if id == RecordPart.first, next == nil, count == 0 {
            leave(source, why, isNone: isNone)
            return
        }
        if guesses == 0 || next != nil {
            leftOut += 1
            isWhole = false
            complaints.append("sensor record \(id) was left out: \(why)")
        }
        if let next {
            guesses = 0
            move(to: next, from: id, source)
        } else {
            guess(after: id, source)
        }
    }

    /// There are no records where they were looked for.
    private mutating func leave(_ source: Source, _ why: String, isNone: Bool) {
        if !isNone { isWhole = false }
        if !lacks.contains(why) { lacks.append(why) }
        if let other = otherSource {
            otherSource = nil
            state = .reserving(other, at: RecordPart.first)
        } else {
            complaints.append("no sensor records: \(lacks.joined(separator: "; "))")
            state = .done
        }
    }

    // BMCs number their records one by one.
    private mutating func guess(after id: UInt16, _ source: Source) {
        seen.insert(id)
        let next = (id..<RecordPart.end).first { !seen.contains($0) }
        guard guesses < Self.maximumGuesses, let next,
            case .walking(_, let reservation, _) = state
        else { return finish() }
        guesses += 1
        state = .walking(source, reservation: reservation, at: next)
    }

    private mutating func stall(_ complaint: String) -> Bool {
        stalls += 1
        hindrance = complaint
        if stalls > Self.maximumStalls { end(complaint) }
        return true
    }

    private mutating func finish() {
        if case .walking(.repository, _, _) = state, let count = stamp?.count,
            records.count + leftOut < count, count <= Self.maximumRecords
        {
            isWhole = false
            complaints.append(
                "the BMC counts \(count) sensor records, and told of \(records.count + leftOut)")
        }
        state = .done
    }

    private mutating func move(to next: UInt16, from id: UInt16, _ source: Source) {
        guard case .walking(_, let reservation, _) = state else { return }
        seen.insert(id)
        if next == RecordPart.end {
            finish()
        } else if next == RecordPart.first || seen.contains(next) {
            let complaint = "sensor record \(id) names \(next) as its next, which was there before"
            loops += 1
            guard loops <= Self.maximumLoops else { return end(complaint) }
            isWhole = false
            complaints.append(complaint)
            guess(after: id, source)
        } else if seen.count >= Self.maximumRecords {
            end("more than \(Self.maximumRecords) sensor records")
        } else {
            state = .walking(source, reservation: reservation, at: next)
        }
    }

    private mutating func end(_ complaint: String) {
        isWhole = false
        complaints.append(complaint)
        state = .done
    }

    // The IDs of records are good for a reservation only.
    private mutating func restart(_ why: String) {
        restarts += 1
        guard restarts <= Self.maximumRestarts else {
            return end("\(why), after \(Self.maximumRestarts) new starts")
        }
        records = []
        complaints = []
        seen = []
        (isWhole, leftOut, guesses, strangers, loops) = (true, 0, 0, 0, 0)
        state = .stamping
    }

    /// Reads a record: whole if the BMC does that, else its header and then piece by piece.
    private mutating func read(
        _ id: UInt16, _ source: Source, _ reservation: UInt16, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> Outcome {
        var piece = begun
        begun = Piece()
        while true {
            let part = RecordPart(
                recordID: id, reservation: reservation, offset: UInt8(piece.bytes.count),
                count: wanted(after: piece.bytes))
            switch try await ask(part, source, &budget) {
            case .response(let response):
                piece.next = response.nextRecordID
                piece.bytes += response.data
                guard !response.data.isEmpty else {
                    return .unreadable(
                        why: "it ends after \(piece.bytes.count) bytes", next: piece.next)
                }
                guard let length = Self.length(piece.bytes) else { continue }
                // An offset has eight bits.
                if piece.bytes.count >= min(length, 255) {
                    return Self.record(piece.bytes, next: piece.next)
                }
            case .refused(.reservationCancelled):
                return .cancelled
            case .refused(.notPresent) where piece.bytes.isEmpty && !seen.isEmpty:
                return .gone
            case .refused(let code) where code.isTransient:
                begun = piece
                return .busy
            case .refused(let code):
                guard canShrink(code) else {
                    let isNone = code.meansNoSuchCommand || code == .notPresent
                    return isNone && piece.bytes.isEmpty && id == RecordPart.first
                        ? .none(why: code.description)
                        : .unreadable(why: code.description, next: piece.next)
                }
            case .ignored:
                // To what it can't return some say nothing.
                guard canShrink(.noResponse) else {
                    return .unreadable(why: "the BMC says nothing to it", next: piece.next)
                }
            case .malformed:
                return .unreadable(why: "the answer makes no sense", next: piece.next)
            case .unasked:
                begun = piece
                return .unasked
            }
        }
    }

    private func ask(
        _ part: RecordPart, _ source: Source, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> RequestBudget.Answer<RecordPartResponse> {
        switch source {
        case .repository: try await budget.ask(GetSDR(part))
        case .device: try await budget.ask(GetDeviceSDR(part))
        }
    }

    private func wanted(after bytes: [UInt8]) -> UInt8 {
        let most = Self.chunks[chunk]
        if most == 0xFF, bytes.isEmpty { return most }
        guard let length = Self.length(bytes) else {
            return UInt8(SensorDataRecord.headerLength - bytes.count)
        }
        return UInt8(clamping: min(Int(most), length - bytes.count))
    }

    /// The length of a record with its header, once the header is there.
    private static func length(_ bytes: [UInt8]) -> Int? {
        bytes.count >= SensorDataRecord.headerLength
            ? SensorDataRecord.headerLength + Int(bytes[4]) : nil
    }

    /// Whether asking for less may help. BMCs say in many ways that they can't return that much.
    private mutating func canShrink(_ code: CompletionCode) -> Bool {
        let codes: [CompletionCode] = [
            .cannotReturnThatMany, .lengthExceeded, .invalidLength, .outOfRange, .invalidField,
            .noResponse, .unspecified,
        ]
        guard codes.contains(code), chunk + 1 < Self.chunks.count else { return false }
        chunk += 1
        return true
    }

    private static func record(_ bytes: [UInt8], next: UInt16?) -> Outcome {
        guard let next else { return .unreadable(why: "no next record is named", next: nil) }
        do {
            return .record(try SensorDataRecord(bytes: bytes), next: next)
        } catch {
            return .unreadable(why: error.reason, next: next)
        }
    }
}
