import Glibc
import Locking
import Randomness

@testable import Core
@testable import StateFile

/// A disk in memory that does what a real one may do at its worst: it fails a call, stops the process
/// at a call, and forgets at a power cut whatever was not synced, in pieces and in any order.
final class FaultyDisk: Sendable {
    /// What happens at a call.
    enum Fault: Sendable, Hashable {
        /// Nothing is done.
        case fails(Int32)
        /// A write does its first half and a sync any part of its work, then it fails.
        case failsHalfway(Int32)
        /// The process stops before the call, or after it.
        case stops(before: Bool)
    }

    private let content: Mutex<Content>

    init(seed: UInt64) {
        content = Mutex(Content(random: SeededNumbers(seed: seed)))
    }

    /// The disk as a process that starts now sees it. Earlier ones are dead.
    func start() -> any FileSystem {
        content.withLock { content in
            content.process += 1
            return FaultyFiles(disk: self, process: content.process)
        }
    }

    /// Loses what is not durable. Whoever used the disk is dead.
    func cutPower() {
        content.withLock { content in
            content.process += 1
            content.cutPower()
        }
    }

    /// The calls from now on, of this and of later processes.
    var calls: Int { content.withLock { $0.calls } }

    /// Begins to count calls from 0, and has one of them fail.
    func plan(_ fault: Fault?, atCall number: Int = 0) {
        content.withLock { content in
            content.calls = 0
            content.fault = fault.map { (number, $0) }
        }
    }

    /// Has every sync fail until it is told otherwise.
    func setSyncsFail(_ fail: Bool) {
        content.withLock { $0.allSyncsFail = fail }
    }

    /// How many bytes all files may have; nil for no limit.
    func setCapacity(_ capacity: Int?) {
        content.withLock { $0.capacity = capacity }
    }

    /// How many bytes all files have.
    var used: Int { content.withLock { $0.used } }

    /// Holds the next call of a kind, until the gate is opened. Whoever makes the call waits.
    /// - Parameter file: the kind of file; nil for whatever is called first.
    func hold(_ call: DiskCall, of file: FileKind? = nil) -> DiskGate {
        let gate = DiskGate()
        content.withLock { $0.gates.append((call, file, gate)) }
        return gate
    }

    /// Has the calls of a fold wait for their turns.
    func setTurns(_ turns: FoldTurns) {
        content.withLock { $0.turns = turns }
    }

    /// How many calls of a kind there were since the disk was made.
    func count(of call: DiskCall) -> Int {
        content.withLock { $0.counts[call] ?? 0 }
    }

    /// All calls since the disk was made, in their order, those of dead processes left out.
    var log: [String] { content.withLock { $0.log } }

    /// The names of the files that a process sees.
    var names: [String] { content.withLock { $0.folder.keys.sorted() } }

    /// What a process reads.
    func bytes(of path: String) -> [UInt8]? {
        content.withLock { content in content.folder[path].flatMap { content.files[$0]?.cached } }
    }

    /// Changes a file as something else than the store might.
    func setBytes(of path: String, _ bytes: [UInt8]) {
        content.withLock { content in
            let id = content.newFile()
            content.files[id]?.cached = bytes
            content.files[id]?.durable = bytes
            content.folder[path] = id
            content.durableFolder[path] = id
        }
    }

    func remove(_ path: String) {
        content.withLock { content in
            content.folder[path] = nil
            content.durableFolder[path] = nil
        }
    }

    /// Makes a call of a process.
    func call<Value: Sendable>(
        _ kind: DiskCall, _ path: String, of process: Int,
        _ body: @Sendable (inout Content, DiskExtent) throws(DiskErrno) -> Value
    ) throws(FileFault) -> Value {
        // Outside of the lock, for others go on meanwhile.
        content.withLock { $0.turns }?.pass()
        let gate: DiskGate? = content.withLock { content in
            let place = content.gates.firstIndex {
                $0.call == kind && ($0.file ?? FileKind(path: path)) == FileKind(path: path)
            }
            return place.map { content.gates.remove(at: $0).gate }
        }
        gate?.pass()
        let result = content.withLock { content in
            content.call(kind, path, of: process) { (content, extent) throws(DiskErrno) in
                try body(&content, extent)
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let error):
            throw FileFault(operation: kind.rawValue, path: path, code: error.code)
        }
    }
}

/// The calls that a fault may hit.
enum DiskCall: String, Sendable {
    case open, create, read, stat, write, allocate, sync, rename, remove, list, lock
    case truncate
    case makeFolder = "make folder"
    case syncFolder = "sync folder"
}

/// How much of a call is done.
enum DiskExtent: Sendable {
    case whole, half
}

struct DiskErrno: Error {
    let code: Int32
}
