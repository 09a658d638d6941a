import Foundation
import Logging
import Testing

@testable import Core
@testable import StateFile
@testable import TestSupport

/// The state's folder, as somebody else prepared it.
@Suite(.timeLimit(.minutes(1))) struct PlantedFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/state.json" }
    private var victim: String { folder.path + "/victim" }

    init() throws {
        folder = try TemporaryFolder()
        try Data("precious".utf8).write(to: URL(fileURLWithPath: victim))
    }

    private var isUnharmed: Bool {
        (try? String(contentsOfFile: victim, encoding: .utf8)) == "precious"
    }

    @Test("a link for the lock is refused, and not followed")
    func lock() throws {
        #expect(symlink(victim, path + ".lock") == 0)
        let error = #expect(throws: StoreError.self) { try FileStore(path: path) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("is a symbolic link"))
        #expect(isUnharmed)
    }

    @Test("a link for the new file is replaced, and not followed, hard ones neither")
    func newFile() async throws {
        for make in [symlink, link] {
            unlink(path + ".new")
            #expect(make(victim, path + ".new") == 0)
            let store = try FileStore(path: path)
            _ = try await store.load()
            _ = try await store.commit(
                StoreCommit(
                    puts: [DeviceRecord(key: .device("a"), cordon: Cordon(since: Date()))],
                    sequence: 0))
            await store.close()
            #expect(isUnharmed)
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                try? FileManager.default.removeItem(
                    atPath: name == "victim" ? "" : folder.path + "/" + name)
            }
        }
    }

    @Test("a link or a pipe for the history is refused")
    func history() throws {
        let path = folder.path + "/history.jsonl"
        let open = { try FileHistory(path: path, logger: Logger(label: "test")) }
        #expect(mkfifo(path, 0o600) == 0)
        let error = #expect(throws: StoreError.self) { try open() }
        #expect(error.map { "\($0)" }?.contains("is a pipe, not a file") == true)
        unlink(path)
        #expect(symlink(victim, path) == 0)
        let history = try? open()
        history?.append(
            HistoryEvent(date: Date(), device: "d", instance: nil, kind: .failed, cause: "x"))
        #expect(isUnharmed)
    }

    @Test("a pipe for the state or its lock is refused instead of waited for")
    func pipes() throws {
        #expect(mkfifo(path, 0o600) == 0)
        let loader = StateLoader(names: StateNames(document: path), files: SystemFiles())
        let error = #expect(throws: StoreError.self) { try loader.load() }
        #expect(error.map { "\($0)" }?.contains("is a pipe, not a file") == true)
        #expect(mkfifo(folder.path + "/other.json.lock", 0o600) == 0)
        #expect(throws: StoreError.self) { try FileStore(path: folder.path + "/other.json") }
    }
}
