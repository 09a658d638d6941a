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
            if purpose == .reading { return try base.open(path, for: purpose) }
            let file = try fate.meet(.create) { () throws(FileFault) in
                try base.open(path, for: purpose)
            }
            return DyingFile(base: file, fate: fate)
        }

        package func rename(_ path: String, to newPath: String) throws(FileFault) {
            try fate.meet(.rename) { () throws(FileFault) in
                try base.rename(path, to: newPath)
            }
        }

        package func remove(_ path: String) throws(FileFault) {
            try fate.meet(.remove) { () throws(FileFault) in try base.remove(path) }
        }

        package func names(in folder: String) throws(FileFault) -> [String] {
            try base.names(in: folder)
        }

        package func syncFolder(_ folder: String) throws(FileFault) {
            try fate.meet(.syncFolder) { () throws(FileFault) in try base.syncFolder(folder) }
        }

        package func makeFolder(_ folder: String) throws(FileFault) {
            try base.makeFolder(folder)
        }
    }

    private struct DyingFile: OpenFile {
        let base: any OpenFile
        let fate: Fate

        func size() throws(FileFault) -> Int { try base.size() }

        func read(at offset: Int, count: Int) throws(FileFault) -> [UInt8] {
            try base.read(at: offset, count: count)
        }

        func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(FileFault) -> Int {
            try fate.meet(
                .write,
                half: { () throws(FileFault) in
                    try base.write(bytes.prefix(bytes.count / 2), at: offset)
                }, { () throws(FileFault) in try base.write(bytes, at: offset) })
        }

        func allocate(_ size: Int) throws(FileFault) {
            try fate.meet(.allocate) { () throws(FileFault) in try base.allocate(size) }
        }

        func sync() throws(FileFault) {
            try fate.meet(.sync) { () throws(FileFault) in try base.sync() }
        }

        func close() { base.close() }
    }

    /// Counts the calls of the kind that is fatal.
    private final class Fate: Sendable {
        private let step: FileStep
        private let calls = Mutex(0)

        init(_ step: FileStep) {
            self.step = step
        }

        func meet<Value>(
            _ operation: FileStep.Operation,
            half: () throws(FileFault) -> Value? = { () throws(FileFault) in nil },
            _ body: () throws(FileFault) -> Value
        ) throws(FileFault) -> Value {
            guard operation == step.operation, count() == step.number else { return try body() }
            switch step.point {
            case .before: break
            case .midway: _ = try half()
            case .after: _ = try body()
            }
            die()
        }

        private func count() -> Int {
            calls.withLock { calls in
                calls += 1
                return calls
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
