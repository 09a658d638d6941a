internal import Dispatch
internal import Foundation
internal import Locking

/// A store in one JSON file; see ``StateDocument`` for its shape.
///
/// The file is replaced atomically and synced. Changes that arrive while a write is under way are
/// written together by the next one, so that concurrent changes share one sync. A lock on
/// `FILE.lock` keeps a second daemon out.
public final class FileStore: Store {
    private let path: String
    private let lock: FileLock
    // Disk writes block, so they have a thread of their own.
    private let disk = DispatchQueue(label: "rackpool.state")
    private let shared = Mutex(Shared())

    private struct Shared {
        var sequence: UInt64 = 0
        var waiting: [Change] = []
        var isFlushing = false
        var isClosed = false
        var image = StateImage()
    }

    private struct Change {
        let record: DeviceRecord
        let replaced: UInt64
        let continuation: CheckedContinuation<Result<Void, StoreError>, Never>
    }

    /// Takes the lock of the state file at `path`; the file need not exist.
    /// - Throws: ``StoreError/locked(_:)`` if another process has it, ``StoreError/failed(_:)`` if
    ///   the folder can't be made or written to.
    public init(path: String) throws(StoreError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .failed("\(path): the folder can't be made: \(error.localizedDescription)")
        }
        do {
            lock = try FileLock(path: path + ".lock")
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

    public func load() async throws(StoreError) -> StoredPool {
        guard let bytes = try AtomicFile.read(path) else { return StoredPool(records: []) }
        let document = try StateDocument(parsing: bytes, file: path)
        shared.withLock { shared in
            shared.sequence = document.sequence
            shared.image = StateImage(document)
        }
        return StoredPool(records: document.records)
    }

    public func nextSequence() async throws(StoreError) -> UInt64 {
        shared.withLock { shared in
            shared.sequence += 1
            return shared.sequence
        }
    }

    public func write(_ record: DeviceRecord, replacing version: UInt64) async throws(StoreError) {
        let result = await withCheckedContinuation { continuation in
            let change = Change(record: record, replaced: version, continuation: continuation)
            let outcome: (isClosed: Bool, startsFlush: Bool) = shared.withLock { shared in
                guard !shared.isClosed else { return (true, false) }
                shared.waiting.append(change)
                defer { shared.isFlushing = true }
                return (false, !shared.isFlushing)
            }
            if outcome.isClosed {
                continuation.resume(returning: .failure(.closed))
            } else if outcome.startsFlush {
                disk.async { self.flush() }
            }
        }
        try result.get()
    }

    public func close() async {
        shared.withLock { $0.isClosed = true }
        await withCheckedContinuation { continuation in
            disk.async { continuation.resume() }
        }
        lock.release()
    }

    // Runs on `disk` until no change waits.
    private func flush() {
        while true {
            let batch: ([Change], UInt64, StateImage)? = shared.withLock { shared in
                guard !shared.waiting.isEmpty else {
                    shared.isFlushing = false
                    return nil
                }
                defer { shared.waiting = [] }
                return (shared.waiting, shared.sequence, shared.image)
            }
            guard let (changes, sequence, current) = batch else { return }
            var image = current
            var accepted: [Change] = []
            var answers: [(Change, Result<Void, StoreError>)] = []
            for change in changes {
                if image.version(of: change.record.key) == change.replaced {
                    image.set(change.record)
                    accepted.append(change)
                } else {
                    answers.append((change, .failure(.conflict(change.record.key))))
                }
            }
            if !accepted.isEmpty {
                let outcome: Result<Void, StoreError>
                do {
                    try AtomicFile.replace(path, with: image.encoded(sequence: sequence))
                    outcome = .success(())
                    let durable = image
                    shared.withLock { $0.image = durable }
                } catch {
                    outcome = .failure(error)
                }
                answers += accepted.map { ($0, outcome) }
            }
            for (change, result) in answers { change.continuation.resume(returning: result) }
        }
    }
}
