import Foundation
import Testing

@testable import Core
@testable import StateFile
@testable import TestSupport

/// A second daemon is kept out, and where it can't be, the first one stops writing.
@Suite struct LockLossTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/state.json" }
    private var lock: String { path + ".lock" }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func commit(_ name: String) -> StoreCommit {
        StoreCommit(
            puts: [DeviceRecord(key: .device(name), cordon: Cordon(since: Date()))], sequence: 0)
    }

    private func found() throws -> Set<RecordKey> {
        let state = try StateLoader(names: StateNames(document: path), files: SystemFiles()).load()
        return Set(state.image.records.map(\.key))
    }

    @Test("a second daemon is kept out, and told who is in")
    func held() async throws {
        let store = try FileStore(path: path)
        #expect {
            _ = try FileStore(path: path)
        } throws: { error in
            "\(error)".contains("is in use by process \(getpid())")
        }
        await store.close()
        _ = try FileStore(path: path)
    }

    @Test(
        "one state under two names is one: a second daemon is kept out through a symbolic link",
        arguments: [false, true], [true, false])
    func linked(isLinkToLink: Bool, isFirst: Bool) async throws {
        let files = FileManager.default
        let store = try FileStore(path: path)
        _ = try await store.load()
        _ = try await store.commit(commit("a"))
        await store.close()
        let link = folder.path + "/link"
        let target = isLinkToLink ? link + "2" : path
        if isLinkToLink { try files.createSymbolicLink(atPath: target, withDestinationPath: path) }
        try files.createSymbolicLink(atPath: link, withDestinationPath: target)
        let (one, two) = isFirst ? (link, path) : (path, link)
        let first = try FileStore(path: one)
        #expect(try await first.load().records.map(\.key) == [.device("a")])
        #expect {
            _ = try FileStore(path: two)
        } throws: { error in
            "\(error)".contains("is in use by process \(getpid())")
        }
        _ = try await first.commit(commit("b"))
        await first.close()
        let second = try FileStore(path: two)
        #expect(Set(try await second.load().records.map(\.key)) == [.device("a"), .device("b")])
        await second.close()
    }

    @Test(
        "when the lock's file is removed or replaced, nothing is written any more, for good",
        arguments: [true, false])
    func lost(isReplaced: Bool) async throws {
        let store = try FileStore(path: path)
        _ = try await store.load()
        _ = try await store.commit(commit("a"))
        let kept = folder.path + "/kept"
        try FileManager.default.moveItem(atPath: lock, toPath: kept)
        if isReplaced { try Data().write(to: URL(fileURLWithPath: lock)) }
        let expected =
            isReplaced
            ? "another file was put in the place of \(lock)" : "\(lock) was removed"
        for _ in 0..<2 {
            await #expect {
                _ = try await store.commit(commit("b"))
            } throws: { error in
                "\(error)".contains(expected) && "\(error)".contains("writes nothing any more")
                    && "\(error)".contains("start it again")
            }
        }
        // A second daemon may have been there meanwhile.
        if isReplaced { try FileManager.default.removeItem(atPath: lock) }
        try FileManager.default.moveItem(atPath: kept, toPath: lock)
        await #expect(throws: StoreError.self) { _ = try await store.commit(commit("c")) }
        await store.close()
        #expect(try found() == [.device("a")])
    }

    @Test(
        "a second daemon that the lock lets in is kept out by the journal, and reads all when it comes"
    )
    func second() async throws {
        let first = try FileStore(path: path)
        _ = try await first.load()
        _ = try await first.commit(commit("a"))
        try FileManager.default.removeItem(atPath: lock)
        let second = try FileStore(path: path)
        await #expect {
            _ = try await second.load()
        } throws: { error in
            guard case .locked = error as? StoreError else { return false }
            return "\(error)".contains("journal") && "\(error)".contains("was that file removed?")
        }
        await #expect(throws: StoreError.self) { _ = try await first.commit(commit("b")) }
        await first.close()
        #expect(try await second.load().records.map(\.key) == [.device("a")])
        _ = try await second.commit(commit("c"))
        await second.close()
        #expect(try found() == [.device("a"), .device("c")])
    }

    @Test("what was synced when the lock's file went is not acknowledged")
    func lostMeanwhile() async throws {
        let disk = FaultyDisk(seed: 1)
        let store = try FileStore(
            path: StoreTrial.path, files: disk.start(), settings: StoreTrial.settings,
            logger: StoreTrial.silent)
        _ = try await store.load()
        let gate = disk.hold(.sync)
        let task = Task { try await store.commit(commit("a")) }
        try await gate.arrival()
        disk.remove(StoreTrial.path + ".lock")
        gate.open()
        await #expect {
            _ = try await task.value
        } throws: { error in
            "\(error)".contains("was removed")
        }
        await #expect(throws: StoreError.self) { _ = try await store.commit(commit("b")) }
    }
}
