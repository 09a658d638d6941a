internal import Core
internal import Logging

/// The state as it is on disk, and the way there. What it does, it does at once: ``FileStore`` calls
/// it from one thread.
struct StateWriter: Sendable {
    private let names: StateNames
    private let files: any FileSystem
    private let settings: StoreSettings
    private let logger: Logger
    private let identifier: UInt64
    private let others: JSONObject
    private var journal: JournalWriter
    /// What is durable.
    private var image: StateImage
    private var isFull = false

    // MARK: Folding

    private(set) var isFolding = false
    /// The journal is folded when so much was written to it.
    private var foldThreshold: Int
    /// What was written to the journal before the last try to fold it, which failed.
    private var unfolded = 0
    /// The segment that the JSON file names.
    private var foldedSegment: UInt64

    /// A change that waits to be written, encoded by who asked for it.
    struct Request: Sendable {
        let change: StateChange
        let payload: [UInt8]

        init(_ change: StateChange) {
            self.change = change
            payload = change.payload
        }
    }

    /// Goes on from what was read. Writes again what nothing proves to be on disk.
    /// - Throws: ``FileFault``, if not even a fresh segment can be begun and it isn't because the disk
    ///   is full; with a full disk, changes are refused until there is space.
    init(
        _ state: LoadedState, names: StateNames, files: any FileSystem, settings: StoreSettings,
        logger: Logger
    ) throws(FileFault) {
        self.names = names
        self.files = files
        self.settings = settings
        self.logger = logger
        identifier = state.reference?.identifier ?? settings.newIdentifier()
        others = state.others
        image = state.image
        let number = max((state.segments.last ?? 0) + 1, state.reference?.segment ?? 1)
        journal = JournalWriter(
            names: names, files: files, settings: settings, identifier: identifier,
            last: state.proven, carried: state.carried, nextSegment: number)
        foldThreshold = max(settings.foldAfter, state.documentSize)
        foldedSegment = state.reference?.segment ?? number
        do {
            try journal.prepare(sequence: state.sequence)
        } catch {
            guard error.isDiskFull, state.reference != nil else { throw error }
            noteFullDisk(error)
        }
        // A file of format 1 doesn't say that there is a journal, so it must not have one beside it.
        if state.reference == nil {
            try fold(sequence: state.sequence, isClean: false).run()
        }
    }

    // MARK: Changes

    /// Writes changes with one sync. What fails changes nothing.
    mutating func commit(_ requests: [Request], sequence: UInt64) -> [Result<Void, StoreError>] {
        var results: [Result<Void, StoreError>] = Array(
            repeating: .success(()), count: requests.count)
        do {
            try journal.prepare(sequence: sequence)
        } catch {
            return results.map { _ in .failure(refusal(error)) }
        }
        let blocked = blockage(requests)
        var space = journal.space
        var versions: [RecordKey: UInt64] = [:]
        var accepted: [Int] = []
        for (index, request) in requests.enumerated() {
            let record = request.change.record
            let present = versions[record.key] ?? image.version(of: record.key)
            guard present == request.change.replaced else {
                results[index] = .failure(.conflict(record.key))
                continue
            }
            if let blocked {
                let size = JournalWriter.size(of: [request.payload])
                guard endsClaim(request.change), size <= space else {
                    results[index] = .failure(blocked)
                    continue
                }
                space -= size
            }
            versions[record.key] = record.isBlank ? 0 : record.version
            accepted.append(index)
        }
        guard !accepted.isEmpty else { return results }
        do {
            try journal.append(accepted.map { requests[$0].payload }, sequence: sequence)
        } catch {
            let refusal = refusal(error)
            for index in accepted { results[index] = .failure(refusal) }
            return results
        }
        for index in accepted { image.set(requests[index].change.record) }
        return results
    }

    /// Why only the ends of claims may be written, if that is so.
    private mutating func blockage(_ requests: [Request]) -> StoreError? {
        do {
            try journal.allocate(JournalWriter.size(of: requests.map(\.payload)))
        } catch {
            return refusal(error)
        }
        if isFull { logger.notice("\(names.document): there is space on the disk again") }
        isFull = false
        return nil
    }

    private func endsClaim(_ change: StateChange) -> Bool {
        guard image[change.record.key]?.claim != nil else { return false }
        return change.record.claim.map { $0.phase == .releasing } ?? true
    }

    private mutating func refusal(_ fault: FileFault) -> StoreError {
        guard fault.isDiskFull else { return .failed("\(fault); nothing was changed") }
        noteFullDisk(fault)
        return .failed(
            "\(fault); nothing was changed: until there is space, instances are described and can be"
                + " destroyed, and nothing else")
    }

    private mutating func noteFullDisk(_ fault: FileFault) {
        if !isFull {
            logger.error("\(fault): until there is space, only the ends of instances are written")
        }
        isFull = true
    }

    // MARK: Folding

    /// Begins to fold the journal into the JSON file if it is time.
    /// - Returns: what is to be run, on whatever thread; ``end(_:_:)`` must be told of the outcome.
    mutating func foldIfNeeded(sequence: UInt64, isForced: Bool = false) -> StateFold? {
        guard !isFolding else { return nil }
        let isDue =
            unfolded + journal.written >= foldThreshold
            || journal.nextSegment - foldedSegment > settings.maximumSegments
        guard isDue || isForced else { return nil }
        do {
            if journal.written > 0 {
                try journal.rotate(sequence: sequence)
            } else {
                try journal.prepare(sequence: sequence)
            }
        } catch {
            postpone(error)
            return nil
        }
        unfolded += journal.written
        journal.restartCount()
        isFolding = true
        return fold(sequence: sequence, isClean: false)
    }

    /// Notes how a fold ended.
    mutating func end(_ fold: StateFold, _ outcome: Result<Int, FileFault>) {
        isFolding = false
        switch outcome {
        case .success(let size):
            unfolded = 0
            foldThreshold = max(settings.foldAfter, size)
            foldedSegment = fold.segment
        case .failure(let fault): postpone(fault)
        }
    }

    /// Folds for the last time and closes the journal.
    mutating func close(sequence: UInt64) {
        defer { journal.close() }
        do {
            try journal.prepare(sequence: sequence)
            try fold(sequence: sequence, isClean: true).run()
        } catch {
            logger.warning(
                "\(error): the last changes stay in the journal beside it, which the next start reads"
            )
        }
    }

    private mutating func postpone(_ fault: FileFault) {
        let size = unfolded + journal.written
        foldThreshold = size + max(settings.foldAfter, size)
        foldedSegment = journal.nextSegment
        logger.warning(
            "\(fault): the journal is not folded into \(names.document) yet; no change is lost")
    }

    private func fold(sequence: UInt64, isClean: Bool) -> StateFold {
        let segment = isClean ? journal.nextSegment : journal.nextSegment - 1
        return StateFold(
            names: names, files: files,
            snapshot: StateSnapshot(
                image: image, sequence: sequence,
                journal: JournalReference(
                    identifier: identifier, change: journal.last, segment: segment,
                    isClean: isClean),
                others: others))
    }
}
