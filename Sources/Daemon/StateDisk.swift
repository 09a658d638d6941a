import Core
import StateFile
import Foundation
import Logging

/// The files that a daemon keeps: its state, and the history beside it.
struct StateDisk {
    let store: FileStore
    let history: FileHistory
    private let path: String

    /// How long a stop waits for the disk.
    static let limit: Duration = .seconds(30)

    /// A disk that has not done what it was told long ago.
    struct Silence: Error, CustomStringConvertible {
        let description: String

        init(path: String) {
            description =
                "the disk under \(path) has not answered for \(StateDisk.limit.text): stopped without"
                + " waiting for it; what was confirmed is in the state, and the next start finishes"
                + " the rest"
        }
    }

    /// Takes the state's lock and reads the history.
    /// - Parameter path: the state file.
    /// - Throws: `StoreError`.
    init(_ path: String, logger: Logger) throws {
        self.path = path
        #if DEBUG
            if let step = try Self.fatalStep {
                // All steps are wanted often, the fold's too.
                var settings = StoreSettings()
                settings.foldAfter = 16 << 10
                settings.chunk = 4 << 10
                settings.reserve = 16 << 10
                let files = DyingFiles(at: step)
                store = try FileStore(path: path, files: files, settings: settings, logger: logger)
                history = try FileHistory(
                    path: Self.historyPath(path), files: files, limit: 2, surplus: 0,
                    logger: logger)
                return
            }
        #endif
        store = try FileStore(path: path, logger: logger)
        history = try FileHistory(path: Self.historyPath(path), logger: logger)
    }

    /// Ends the use of the files, after all changes so far.
    /// - Throws: ``Silence``, if that takes too long.
    func close() async throws {
        let closing = Task {
            await history.close()
            await store.close()
        }
        guard await wait(for: closing, within: Self.limit, SystemTime()) else {
            throw Silence(path: path)
        }
    }

    /// The history lies beside the state: `rackpool.json`, `rackpool.history.jsonl`.
    private static func historyPath(_ statePath: String) -> String {
        let stem = statePath.hasSuffix(".json") ? String(statePath.dropLast(5)) : statePath
        return stem + ".history.jsonl"
    }

    #if DEBUG
        /// The step at which this process is to end itself, as the crash harness names it. Released
        /// builds don't know the variable.
        private static var fatalStep: FileStep? {
            get throws {
                let variable = "RACKPOOL_DIE_AT"
                guard let text = ProcessInfo.processInfo.environment[variable] else { return nil }
                guard let step = FileStep(text) else {
                    throw CommandError(
                        description:
                            "\(variable)=\(text): give a step, as in: after rename new-document 2")
                }
                return step
            }
        }
    #endif
}
