public import Core
internal import Dispatch
internal import Foundation
internal import Locking
internal import SafeFiles
public import Logging

/// A store in one JSON file and a journal beside it; see ``StateDocument`` and ``JournalLine``.
///
/// A change is appended to the journal, whatever the file's size. Changes that arrive while a write is
/// under way are written together by the next one, so that concurrent changes share one sync. The
/// journal is folded into the JSON file when it has grown to that file's size, while changes go on,
/// and when the store is closed; then the file is all there is. A lock on `FILE.lock` keeps a second
/// daemon out.
public final class FileStore: Store {
    private let names: StateNames
    private let files: any FileSystem
    private let settings: StoreSettings
    private let logger: Logger
    private let lock: FileLock?
    // Disk writes block, so they have a thread of their own.
    private let disk = DispatchQueue(label: "rackpool.state")
    private let shared = Mutex(Shared())
    // Used on `disk` only; nil until the state is loaded.
    private let writer = Mutex<StateWriter?>(nil)

    private struct Shared {
        var waiting: [Waiting] = []
        var isFlushing = false
        var isClosed = false
    }

    private struct Waiting {
        let request: StateWriter.Request
        let continuation: CheckedContinuation<Result<UInt64, StoreError>, Never>
    }

    /// Takes the lock of the state file at `path`; the file need not exist.
    /// - Throws: ``StoreError/locked(_:)`` if another process has it, ``StoreError/failed(_:)`` if
    ///   the folder can't be made or written to.
    public convenience init(
        path: String, logger: Logger = Logger(label: "rackpool.state")
    ) throws(StoreError) {
        try self.init(
            path: Self.resolved(path), files: SystemFiles(), settings: StoreSettings(),
            logger: logger)
    }

    /// Where a path leads in the end: one state has one lock and one journal, by whatever name it is
    /// called.
    static func resolved(_ path: String) -> String {
        // Where another user's link leads is another user's choice: it is refused when it is opened.
        if let link = FileStatus(at: path), link.isLink, !link.isOurs { return path }
        func real(_ path: String) -> String? {
            guard let text = realpath(path, nil) else { return nil }
            defer { free(text) }
            return String(cString: text)
        }
        if let whole = real(path) { return whole }
        // The file is made later; its folder may be there.
        let folder = StateNames.folder(of: path)
        let name = StateNames.name(of: path)
        return real(folder).map { "\($0)/\(name)" } ?? path
    }

    /// Does the same on a file system that fails, or stops, as somebody wants.
    package convenience init(
        path: String, files: any FileSystem, settings: StoreSettings, logger: Logger
    ) throws(StoreError) {
        do {
            try files.makeFolders(StateNames.folder(of: path))
        } catch {
            throw .failed("\(path): the folder can't be made: \(error)")
        }
        do {
            self.init(
                path: path, files: files, settings: settings,
                lock: try FileLock(path: path + ".lock", files: files), logger: logger)
        } catch {
            switch error.holder {
            case .some(let holder):
                throw .locked(
                    "\(path) is in use by process \(holder): stop that rackpool first, or give this"
                        + " one another --state")
            case nil: throw .failed(error.message)
            }
        }
    }

    init(
        path: String, files: any FileSystem, settings: StoreSettings = StoreSettings(),
        lock: FileLock?, logger: Logger
    ) {
        names = StateNames(document: path)
        self.files = files
        self.settings = settings
        self.lock = lock
        self.logger = logger
    }

    public func load() async throws(StoreError) -> StoredPool {
        try await onDisk { self.read() }.get()
    }

    private func read() -> Result<StoredPool, StoreError> {
        do throws(StoreError) {
            let claim = try claimJournal()
            defer { claim?.release() }
            var state = try StateLoader(names: names, files: files).load()
            if let torn = state.torn {
                logger.warning(
                    "\(torn.path): the last \(torn.count) bytes, from byte \(torn.offset), are a write that was cut short: left out; nobody was told that it was done"
                )
            }
            if state.isToBeAdopted {
                try StateAdoption(names: names, files: files, settings: settings, logger: logger)
                    .run(&state)
            }
            guard let reference = state.reference else { throw .closed }
            do {
                let writer = try StateWriter(
                    state, reference, names: names, files: files, settings: settings, lock: lock,
                    logger: logger)
                self.writer.withLock { $0 = writer }
            } catch {
                throw .failed("\(error)")
            }
            // Names the segment in the JSON file, so that the file without its journal is found out.
            foldIfNeeded(isForced: true)
            return .success(
                StoredPool(
                    records: state.image.records, sequence: state.sequence, revision: state.last))
        } catch {
            return .failure(error)
        }
    }

    private func claimJournal() throws(StoreError) -> JournalClaim? {
        do {
            return try JournalClaim.take(names, files)
        } catch {
            guard error.isLocked else { throw .failed("\(error)") }
            throw .locked(
                "\(error.path) is in use by another rackpool, though \(names.document).lock doesn't say"
                    + " so: was that file removed? Stop the other one first, or give this one another"
                    + " --state")
        }
    }

    public func changes(after revision: UInt64) async throws(StoreError) -> StoredPool? {
        nil
    }

    public func commit(_ commit: StoreCommit) async throws(StoreError) -> UInt64 {
        // Encoded here, for here are as many threads as processors.
        let request = StateWriter.Request(commit)
        let result = await withCheckedContinuation { continuation in
            let waiting = Waiting(request: request, continuation: continuation)
            let outcome: (isClosed: Bool, startsFlush: Bool) = shared.withLock { shared in
                guard !shared.isClosed else { return (true, false) }
                shared.waiting.append(waiting)
                defer { shared.isFlushing = true }
                return (false, !shared.isFlushing)
            }
            if outcome.isClosed {
                continuation.resume(returning: .failure(.closed))
            } else if outcome.startsFlush {
                disk.async { self.flush() }
            }
        }
        return try result.get()
    }

    public func close() async {
        let wasClosed = shared.withLock { shared in
            defer { shared.isClosed = true }
            return shared.isClosed
        }
        guard !wasClosed else { return }
        await waitForFold()
        await onDisk {
            self.writer.withLock { $0?.close() }
        }
        lock?.release()
    }

    /// Returns when the journal is not being folded, and what was asked for before was done.
    package func waitForFold() async {
        repeat {
            // One that is due is begun by now.
            await onDisk {}
            await withCheckedContinuation { continuation in
                guard let folding = settings.folding else {
                    continuation.resume()
                    return
                }
                folding.async { continuation.resume() }
            }
            // How it ended is noted on `disk` by now, and the next is begun if that is due.
        } while await isFolding
    }

    /// Whether the journal is being folded, after what was asked for before.
    var isFolding: Bool {
        get async { await onDisk { self.writer.withLock { $0?.isFolding == true } } }
    }

    /// How many changes wait for those before them to be synced.
    var waitingCount: Int { shared.withLock { $0.waiting.count } }

    private func onDisk<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            disk.async { continuation.resume(returning: body()) }
        }
    }

    // Runs on `disk` until no change waits.
    private func flush() {
        while true {
            let batch: [Waiting]? = shared.withLock { shared in
                guard !shared.waiting.isEmpty else {
                    shared.isFlushing = false
                    return nil
                }
                defer { shared.waiting = [] }
                return shared.waiting
            }
            guard let changes = batch else { return }
            let results = writer.withLock { $0?.commit(changes.map(\.request)) }
            for (index, change) in changes.enumerated() {
                change.continuation.resume(
                    returning: results?[index]
                        ?? .failure(.failed("\(names.document): the state is not loaded")))
            }
            foldIfNeeded()
        }
    }

    // Runs on `disk`.
    private func foldIfNeeded(isForced: Bool = false) {
        let fold = writer.withLock { $0?.foldIfNeeded(isForced: isForced) }
        guard let fold else { return }
        guard let folding = settings.folding else {
            let outcome = Result { () throws(FileFault) in try fold.run() }
            writer.withLock { $0?.end(fold, outcome) }
            return
        }
        folding.async {
            let outcome = Result { () throws(FileFault) in try fold.run() }
            self.disk.async {
                self.writer.withLock { $0?.end(fold, outcome) }
                // What was written meanwhile may be as much again.
                self.foldIfNeeded()
            }
        }
    }
}
