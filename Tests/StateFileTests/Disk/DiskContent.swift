import Glibc
import Randomness

@testable import Core
@testable import StateFile

extension FaultyDisk {
    /// What the disk holds and what was promised to it.
    struct Content: Sendable {
        /// A file, as it is read and as it is on the platters.
        struct File: Sendable {
            var cached: [UInt8] = []
            var durable: [UInt8] = []
            var pending: [Write] = []
        }

        enum Write: Sendable {
            case bytes([UInt8], at: Int)
            case size(Int)
            case cut(Int)
        }

        enum Entry: Sendable {
            case link(String, Int)
            case unlink(String)
            case rename(String, to: String, Int)
            case folder(String)

            /// The path that it is about.
            var path: String {
                switch self {
                case .link(let path, _), .unlink(let path), .rename(_, let path, _),
                    .folder(let path):
                    path
                }
            }
        }

        var random: SeededNumbers
        var process = 0
        var calls = 0
        /// How many calls there were of each kind, since the disk was made.
        var counts: [DiskCall: Int] = [:]
        /// All calls since the disk was made, those of dead processes left out.
        var log: [String] = []
        /// Calls that are held, each once.
        var gates: [(call: DiskCall, file: FileKind?, gate: DiskGate)] = []
        /// Has the calls of a fold wait for their turns.
        var turns: FoldTurns?
        var fault: (call: Int, fault: Fault)?
        var allSyncsFail = false
        var capacity: Int?
        var files: [Int: File] = [:]
        var folder: [String: Int] = [:]
        var durableFolder: [String: Int] = [:]
        /// The folders but for that in which the disk begins.
        var folders: Set<String> = []
        var durableFolders: Set<String> = []
        var pendingEntries: [Entry] = []

        init(random: SeededNumbers) {
            self.random = random
        }

        var used: Int { Set(folder.values).reduce(0) { $0 + (files[$1]?.cached.count ?? 0) } }

        mutating func newFile() -> Int {
            let id = files.count + 1
            files[id] = File()
            return id
        }

        mutating func call<Value>(
            _ kind: DiskCall, _ path: String, of process: Int,
            _ body: (inout Content, DiskExtent) throws(DiskErrno) -> Value
        ) -> Result<Value, DiskErrno> {
            guard process == self.process else { return .failure(DiskErrno(code: EIO)) }
            calls += 1
            counts[kind, default: 0] += 1
            log.append("\(kind.rawValue) \(path)")
            if kind == .sync, allSyncsFail {
                _ = attempt(body, .half)
                return .failure(DiskErrno(code: EIO))
            }
            guard let fault, fault.call == calls else { return attempt(body, .whole) }
            switch fault.fault {
            case .fails(let code): return .failure(DiskErrno(code: code))
            case .failsHalfway(let code):
                if kind == .write || kind == .sync { _ = attempt(body, .half) }
                return .failure(DiskErrno(code: code))
            case .stops(let before):
                if !before { _ = attempt(body, .whole) }
                self.process += 1
                return .failure(DiskErrno(code: EIO))
            }
        }

        private mutating func attempt<Value>(
            _ body: (inout Content, DiskExtent) throws(DiskErrno) -> Value, _ extent: DiskExtent
        ) -> Result<Value, DiskErrno> {
            Result { () throws(DiskErrno) in try body(&self, extent) }
        }

        mutating func cutPower() {
            for id in files.keys.sorted() { settle(id) }
            for entry in pendingEntries where Bool.random(using: &random) { makeDurable(entry) }
            pendingEntries = []
            // What lies in a folder that is lost is lost with it.
            folders = durableFolders
            durableFolder = durableFolder.filter {
                let folder = StateNames.folder(of: $0.key)
                return folder == "." || folders.contains(folder)
            }
            folder = durableFolder
            files = files.mapValues { File(cached: $0.durable, durable: $0.durable) }
        }

        /// Writes some of what is pending, in no order, and forgets the rest.
        mutating func settle(_ id: Int) {
            guard var file = files[id] else { return }
            for write in file.pending.shuffled(using: &random) {
                switch write {
                case .size(let size):
                    if Bool.random(using: &random) { Self.grow(&file.durable, to: size) }
                case .cut(let size):
                    if Bool.random(using: &random) { Self.cut(&file.durable, to: size) }
                case .bytes(let bytes, let start):
                    for place in start..<(start + bytes.count) {
                        // A disk writes a sector whole or not at all.
                        if place == start || place.isMultiple(of: 512) {
                            guard Bool.random(using: &random) else { continue }
                            let end = min(start + bytes.count, (place / 512 + 1) * 512)
                            Self.grow(&file.durable, to: end)
                            file.durable.replaceSubrange(
                                place..<end, with: bytes[(place - start)..<(end - start)])
                        }
                    }
                }
            }
            file.pending = []
            files[id] = file
        }

        mutating func syncFolder(_ folder: String) {
            let isInside = { (entry: Entry) in StateNames.folder(of: entry.path) == folder }
            for entry in pendingEntries where isInside(entry) { makeDurable(entry) }
            pendingEntries.removeAll(where: isInside)
        }

        private mutating func makeDurable(_ entry: Entry) {
            switch entry {
            case .link(let name, let id): durableFolder[name] = id
            case .unlink(let name): durableFolder[name] = nil
            case .rename(let name, let newName, let id):
                durableFolder[name] = nil
                durableFolder[newName] = id
            case .folder(let name): durableFolders.insert(name)
            }
        }

        static func cut(_ bytes: inout [UInt8], to size: Int) {
            bytes.removeLast(max(0, bytes.count - size))
        }

        static func grow(_ bytes: inout [UInt8], to size: Int) {
            if bytes.count < size {
                bytes += [UInt8](repeating: 0, count: size - bytes.count)
            }
        }
    }
}
