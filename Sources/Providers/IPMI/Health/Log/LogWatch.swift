internal import Core
internal import Foundation
internal import IPMIWire

/// What is known of a machine's event log, renewed by what was added to it.
struct LogWatch: Sendable {
    private static let limit = 512

    private enum State: Sendable {
        case unread
        /// Reads what is there from `since` on.
        case reading(SELWalk, GetSELInfo.Response, since: Date)
        /// Reads what follows the entry that was the last.
        case following(SELWalk, GetSELInfo.Response)
        case read
    }

    private var state = State.unread
    /// The log as it was when reading began.
    private var info: GetSELInfo.Response?
    /// The last entry that was read.
    private var newest: SELRecord?
    /// From when on entries were read.
    private var since: Date?
    /// When the log had been read to its end.
    private var readAt: Date?
    private var dates: EventDates?
    private(set) var ledger = EventLedger(worth: .critical)
    /// How often in a row entries were missing, and looks since the last time.
    private var breaks = 0
    private var looksSinceBreak = 0
    /// Whether the last look was told nothing of the log.
    private var isMute = false

    /// After how many looks a log is read again of which entries were missing, and how often.
    private static let looksUntilAgain = 5
    private static let patience = 3

    private var isToBeReadAgain: Bool { breaks > 0 && breaks < Self.patience }

    /// Whether the log was read up to its present end.
    var isCurrent: Bool {
        if case .read = state { !isToBeReadAgain && !isMute } else { false }
    }

    /// Takes back what its sensor does not show any more.
    mutating func removeAll(_ isOver: (SystemEvent) -> Bool) {
        ledger.removeAll(isOver)
    }

    /// Looks whether the log has changed, and reads what is new, or goes on with it.
    /// - Parameter start: from when on entries matter.
    mutating func look(
        since start: Date, now: Date, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) {
        let answer = try await budget.ask(GetSELInfo())
        isMute = answer.response == nil && info != nil
        guard let present = answer.response else {
            // Of a BMC without a log nothing is left to be read.
            if case .unread = state, answer.meansNotKnown { state = .read }
            return
        }
        if let since, start < since { self = LogWatch() }
        if present.recordCount == 0 {
            self = LogWatch()
            (info, since, state) = (present, start, .read)
            return
        }
        switch state {
        case .unread:
            try await begin(present, since: start, now, &budget)
        case .read where isToBeReadAgain:
            looksSinceBreak += 1
            if looksSinceBreak >= Self.looksUntilAgain {
                try await begin(present, since: start, now, &budget)
            }
        case .read where present != info:
            try await follow(present, since: start, now, &budget)
        case .read, .reading, .following:
            break
        }
        try await advance(&budget, now)
    }

    private mutating func begin(
        _ present: GetSELInfo.Response, since start: Date, _ now: Date,
        _ budget: inout RequestBudget
    ) async throws(IPMIFailure) {
        let dates = try await dates(now, &budget)
        let walk = SELWalk(limit: Self.limit, of: Int(present.recordCount)) { record in
            record.time.flatMap(dates.date).map { $0 < start } ?? false
        }
        state = .reading(walk, present, since: start)
    }

    private mutating func follow(
        _ present: GetSELInfo.Response, since start: Date, _ now: Date,
        _ budget: inout RequestBudget
    ) async throws(IPMIFailure) {
        guard let newest else {
            return try await begin(present, since: start, now, &budget)
        }
        _ = try await dates(now, &budget)
        state = .following(SELWalk(from: newest.id, limit: Self.limit), present)
    }

    private mutating func dates(
        _ now: Date, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> EventDates {
        let dates = EventDates(
            bmc: try await budget.ask(GetSELTime()).response?.time, now: now)
        self.dates = dates
        return dates
    }

    private mutating func advance(
        _ budget: inout RequestBudget, _ now: Date
    ) async throws(IPMIFailure) {
        switch state {
        case .unread, .read:
            return
        case .reading(var walk, let present, let start):
            defer { if !walk.isDone { state = .reading(walk, present, since: start) } }
            try await walk.advance(&budget)
            guard walk.isDone else { return }
            since = start
            if walk.isBroken {
                // What can't be read is not over for that.
                ledger.removeAll { event in
                    walk.records.contains { $0.body == .event(event) }
                }
                breaks += 1
            } else {
                ledger = EventLedger(worth: .critical)
                breaks = 0
            }
            looksSinceBreak = 0
            finish(walk.records, present, now)
        case .following(var walk, let present):
            defer { if !walk.isDone { state = .following(walk, present) } }
            try await walk.advance(&budget)
            guard walk.isDone else { return }
            // Another entry under its ID: the log was cleared. None: it may have been, too. What
            // was known holds until the log is read anew.
            guard let first = walk.records.first, first == newest else {
                let known = ledger
                self = LogWatch()
                ledger = known
                return
            }
            if walk.isBroken {
                breaks += 1
                looksSinceBreak = 0
            }
            finish(Array(walk.records.dropFirst()), present, now, after: readAt)
        }
    }

    private mutating func finish(
        _ records: [SELRecord], _ present: GetSELInfo.Response, _ now: Date,
        after earliest: Date? = nil
    ) {
        let dates = dates ?? EventDates(bmc: nil, now: now)
        for record in records { ledger.enter(record, dates, earliest: earliest) }
        if let last = records.last { newest = last }
        readAt = now
        info = present
        state = .read
    }
}
