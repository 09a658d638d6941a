internal import Core
internal import Logging

/// The state as it is on disk, and the way there. What it does, it does at once: ``FileStore`` calls
/// it from one thread.
struct StateWriter: Sendable {
    private let names: StateNames
    private let files: any FileSystem
    private let settings: StoreSettings
    private let logger: Logger
    private let lock: FileLock?
    private let identifier: UInt64
    private let others: StateOthers
    private var journal: JournalWriter
    /// What is durable.
    private var image: StateImage
    private var holders: LogicalIDHolders
    /// The highest number that was ever drawn.
    private var sequence: UInt64
    private var isFull = false
    /// Why nothing is written any more; nil while all is well.
    private var end: StoreError?

    // MARK: Folding

    private(set) var isFolding = false
    /// The journal is folded when so much was written to it.
    private var foldThreshold: Int
    /// What was written to the journal before the last try to fold it, which failed.
    private var unfolded = 0
    /// The segment that the JSON file names.
    private var foldedSegment: UInt64

    /// A commit that waits to be written, encoded by who asked for it.
    struct Request: Sendable {
        let change: StateChange
        let sequence: UInt64
        let payload: [UInt8]

        init(_ commit: StoreCommit) {
            change = StateChange(writing: commit.puts)
            sequence = commit.sequence
            payload = change.payload
        }
    }

    /// Goes on from what was read, in this release's format. Writes again what nothing proves to be on
    /// disk.
    /// - Throws: ``FileFault``, if not even a fresh segment can be begun and it isn't because the disk
    ///   is full; with a full disk, changes are refused until there is space.
    init(
        _ state: LoadedState, _ reference: JournalReference, names: StateNames,
        files: any FileSystem, settings: StoreSettings, lock: FileLock?, logger: Logger
    ) throws(FileFault) {
        self.names = names
        self.files = files
        self.settings = settings
        self.lock = lock
        self.logger = logger
        identifier = reference.identifier
        others = state.others
        image = state.image
        holders = LogicalIDHolders(state.image)
        sequence = state.sequence
        let number = max((state.segments.last ?? 0) + 1, reference.segment)
        journal = JournalWriter(
            names: names, files: files, settings: settings, identifier: identifier,
            last: state.proven, carried: state.carried, nextSegment: number,
            leftovers: JournalLeftovers(
                names: names, files: files, contents: state.contents, needed: reference.segment))
        foldThreshold = max(settings.foldAfter, state.documentSize)
        foldedSegment = reference.segment
        do {
            try journal.prepare(sequence: sequence)
        } catch {
            guard error.isDiskFull else { throw error }
            noteFullDisk(error)
        }
    }

    // MARK: Changes

    /// Writes commits with one sync. What fails changes nothing.
    /// - Returns: of each the revision at which its records stand from now on.
    mutating func commit(_ requests: [Request]) -> [Result<UInt64, StoreError>] {
        if let end = end ?? lossBefore() { return requests.map { _ in .failure(end) } }
        do {
            try journal.prepare(sequence: sequence)
        } catch {
            let refusal = refusal(error)
            return requests.map { _ in .failure(refusal) }
        }
        let blocked = blockage(requests)
        let admission = admit(requests, blocked)
        guard !admission.accepted.isEmpty else { return admission.results }
        let sequence = admission.accepted.reduce(self.sequence) { max($0, $1.sequence) }
        var fault: StoreError?
        do {
            try journal.append(admission.accepted.map(\.payload), sequence: sequence)
            fault = lossAfter()
        } catch {
            fault = refusal(error)
        }
        if let fault {
            return admission.results.map { result in result.flatMap { _ in .failure(fault) } }
        }
        self.sequence = sequence
        for (key, record) in admission.changed {
            holders.change(image[key], record)
            image.set(record)
        }
        return admission.results
    }

    private struct Admission {
        var results: [Result<UInt64, StoreError>] = []
        var accepted: [Request] = []
        var changed: [RecordKey: DeviceRecord] = [:]
    }

    // The batch is gone when the image is changed, or that would be copied.
    private func admit(_ requests: [Request], _ blocked: StoreError?) -> Admission {
        var batch = StateBatch(image: image, holders: holders.trial, last: journal.last)
        var space = journal.space
        var admission = Admission()
        for request in requests {
            do throws(StoreError) {
                let size = JournalWriter.size(of: [request.payload])
                try batch.check(request.change)
                if let blocked {
                    guard batch.endsClaim(request.change), size <= space else { throw blocked }
                }
                admission.results.append(.success(batch.add(request.change)))
                admission.accepted.append(request)
                space -= size
            } catch {
                admission.results.append(.failure(error))
            }
        }
        admission.changed = batch.changed
        return admission
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

    private mutating func refusal(_ fault: FileFault) -> StoreError {
        guard fault.isDiskFull else { return .failed("\(fault); nothing was changed") }
        noteFullDisk(fault)
        return .failed(
            "\(fault); nothing was changed: until there is space, instances are described"
                + (journal.isReady
                    ? " and can be destroyed, and nothing else" : ", and nothing else")
        )
    }

    private mutating func noteFullDisk(_ fault: FileFault) {
        if !isFull {
            logger.error(
                journal.isReady
                    ? "\(fault): until there is space, only the ends of instances are written"
                    : "\(fault): until there is space, nothing is written: no instance can be provisioned or destroyed"
            )
        }
        isFull = true
    }

    // MARK: The lock

    // A second daemon can take the lock when the file of ours has lost its name, not before, and only
    // then it reads the state. So if the name is still ours after a sync, whoever gets the lock later
    // reads what was synced: what was acknowledged is in what a second daemon goes on from. What was
    // written and is not acknowledged may be in it or not, as after a crash. We write nothing from
    // then on, not even if the file comes back, for a second one may have been there meanwhile. And it
    // can't replace our files while we write, nor we its: whoever starts locks the journal's last
    // segment, which we have locked (see ``JournalClaim``).

    private mutating func lossBefore() -> StoreError? {
        do {
            guard let loss = try lock?.loss() else { return nil }
            return end(loss)
        } catch {
            return .failed("\(error); nothing was changed")
        }
    }

    private mutating func lossAfter() -> StoreError? {
        do {
            guard let loss = try lock?.loss() else { return nil }
            return end(loss)
        } catch {
            // Once more, for what is on disk and was told to nobody is the end.
            do {
                guard let loss = try lock?.loss() else { return nil }
                return end(loss)
            } catch {
                return end("\(error)")
            }
        }
    }

    private mutating func end(_ loss: String) -> StoreError {
        let text =
            "\(loss): another rackpool may use \(names.document) by now, so this one writes nothing"
            + " any more; what it has confirmed is on disk: stop it, see that no other one runs on this"
            + " state, and start it again"
        logger.critical("\(text)")
        let error = StoreError.failed(text)
        end = error
        return error
    }

    // MARK: Folding

    /// Begins to fold the journal into the JSON file if it is time.
    /// - Returns: what is to be run, on whatever thread; ``end(_:_:)`` must be told of the outcome.
    mutating func foldIfNeeded(isForced: Bool = false) -> StateFold? {
        guard !isFolding, end == nil else { return nil }
        let isDue =
            unfolded + journal.written >= foldThreshold
            || journal.nextSegment - foldedSegment > settings.maximumSegments
        guard isDue || isForced, lossBefore() == nil else { return nil }
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
        return fold(isClean: false)
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
    mutating func close() {
        defer { journal.close() }
        guard end == nil, lossBefore() == nil else { return }
        do {
            try journal.prepare(sequence: sequence)
            try fold(isClean: true).run()
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

    private func fold(isClean: Bool) -> StateFold {
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
