internal import Core

#if DEBUG
    internal import Foundation
    internal import Locking

    /// The operating system's files, for a process that ends itself with SIGKILL at one step, as no
    /// other process could at that very moment. Debug builds alone have it.
    package struct DyingFiles: FileSystem {
        private let base = SystemFiles()
        private let fate: Fate

        package init(at step: FileStep) {
            fate = Fate(step)
        }

        package func open(
            _ path: String, for purpose: FilePurpose
        ) throws(FileFault) -> any OpenFile {
            let name = FileName(path)
            if purpose == .reading {
                return DyingFile(base: try base.open(path, for: purpose), name: name, fate: fate)
            }
            let file = try fate.meet(.create, name.kind) { () throws(FileFault) in
                try base.open(path, for: purpose)
            }
            fate.note(name)
            return DyingFile(base: file, name: name, fate: fate)
        }

        package func rename(_ path: String, to newPath: String) throws(FileFault) {
            try fate.meet(.rename, FileKind(path: path)) { () throws(FileFault) in
                try base.rename(path, to: newPath)
            }
            fate.noteRename(path, to: newPath)
        }

        package func remove(_ path: String) throws(FileFault) {
            try fate.meet(.remove, FileKind(path: path)) { () throws(FileFault) in
                try base.remove(path)
            }
        }

        package func names(in folder: String) throws(FileFault) -> [String] {
            try base.names(in: folder)
        }

        package func identity(of path: String) throws(FileFault) -> FileIdentity? {
            try fate.meet(.check, FileKind(path: path)) { () throws(FileFault) in
                try base.identity(of: path)
            }
        }

        package func syncFolder(_ folder: String) throws(FileFault) {
            try fate.meet(.syncFolder, fate.takeLastRenamed()) { () throws(FileFault) in
                try base.syncFolder(folder)
            }
        }

        package func hasFolder(_ folder: String) throws(FileFault) -> Bool {
            try base.hasFolder(folder)
        }

        package func makeFolder(_ folder: String) throws(FileFault) {
            try fate.meet(.makeFolder, .folder) { () throws(FileFault) in
                try base.makeFolder(folder)
            }
        }
    }

    private struct DyingFile: OpenFile {
        let base: any OpenFile
        let name: FileName
        let fate: Fate

        func size() throws(FileFault) -> Int { try base.size() }

        func read(at offset: Int, count: Int) throws(FileFault) -> [UInt8] {
            try base.read(at: offset, count: count)
        }

        func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(FileFault) -> Int {
            try fate.meet(
                .write, name.kind,
                half: { () throws(FileFault) in
                    try base.write(bytes.prefix(bytes.count / 2), at: offset)
                }, { () throws(FileFault) in try base.write(bytes, at: offset) })
        }

        func allocate(_ size: Int) throws(FileFault) {
            try fate.meet(.allocate, name.kind) { () throws(FileFault) in try base.allocate(size) }
        }

        // Done at a start on a full disk alone, which no life of the crash harness has.
        func truncate(_ size: Int) throws(FileFault) { try base.truncate(size) }

        func identity() throws(FileFault) -> FileIdentity { try base.identity() }

        func sync() throws(FileFault) {
            try fate.meet(.sync, name.kind) { () throws(FileFault) in try base.sync() }
        }

        func lock() throws(FileFault) {
            try fate.meet(.lock, name.kind) { () throws(FileFault) in try base.lock() }
        }

        func close() { base.close() }
    }

    /// What an open file is called by now.
    private final class FileName: Sendable {
        private let current: Mutex<String>

        init(_ path: String) {
            current = Mutex(path)
        }

        var path: String { current.withLock { $0 } }
        var kind: FileKind { FileKind(path: path) }

        func change(to path: String) {
            current.withLock { $0 = path }
        }
    }

    /// Counts the calls of the kind that is fatal.
    private final class Fate: Sendable {
        private struct State {
            var calls = 0
            /// The files that were opened last under each path.
            var files: [String: FileName] = [:]
            /// What each thread renamed and hasn't made durable yet.
            var renamed: [pthread_t: FileKind] = [:]
        }

        private let step: FileStep
        private let state = Mutex(State())

        init(_ step: FileStep) {
            self.step = step
        }

        func meet<Value>(
            _ operation: FileStep.Operation, _ file: FileKind,
            half: () throws(FileFault) -> Value? = { () throws(FileFault) in nil },
            _ body: () throws(FileFault) -> Value
        ) throws(FileFault) -> Value {
            guard operation == step.kind.operation, file == step.kind.file, count() == step.number
            else { return try body() }
            switch step.kind.point {
            case .before: break
            case .midway: _ = try half()
            case .after: _ = try body()
            }
            die()
        }

        func note(_ name: FileName) {
            let path = name.path
            state.withLock { $0.files[path] = name }
        }

        func noteRename(_ path: String, to newPath: String) {
            state.withLock { state in
                state.files.removeValue(forKey: path)?.change(to: newPath)
                state.renamed[pthread_self()] = FileKind(path: newPath)
            }
        }

        /// What the folder's next sync makes durable, if the thread that renamed it syncs it.
        func takeLastRenamed() -> FileKind {
            state.withLock { $0.renamed.removeValue(forKey: pthread_self()) ?? .folder }
        }

        private func count() -> Int {
            state.withLock { state in
                state.calls += 1
                return state.calls
            }
        }

        private func die() -> Never {
            // Whoever reads the output knows by this that nobody else ended the process.
            let text = Array("dies \(step)\n".utf8)
            _ = Glibc.write(STDERR_FILENO, text, text.count)
            kill(getpid(), SIGKILL)
            while true { pause() }
        }
    }
#endif
