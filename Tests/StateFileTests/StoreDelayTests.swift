import Foundation
import Glibc
import Locking
import Logging
import Testing

@testable import Core
@testable import StateFile
@testable import TestSupport

/// A disk that takes long over a call: only those wait who wait for that call.
@Suite(.timeLimit(.minutes(2))) struct StoreDelayTests {
    private let slow = SlowDisk()
    private var disk: FaultyDisk { slow.disk }

    private func record(_ number: Int) -> DeviceRecord {
        DeviceRecord(
            key: .device("d\(number)"),
            cordon: Cordon(since: Date(), reason: String(repeating: "r", count: 300)))
    }

    private func commit(_ number: Int) -> StoreCommit {
        StoreCommit(puts: [record(number)], sequence: 0)
    }

    @Test(
        "a fold that takes long holds up no change",
        arguments: [DiskCall.create, .write, .sync, .rename])
    func folds(_ call: DiskCall) async throws {
        let store = try slow.makeFoldingStore()
        _ = try await store.load()
        await store.waitForFold()
        let gate = disk.hold(call, of: .newDocument)
        _ = try await store.commit(commit(0))
        try await gate.arrival()
        for number in 1...20 { _ = try await store.commit(commit(number)) }
        #expect(await store.isFolding)
        gate.open()
        await store.waitForFold()
        await store.close()
        #expect(try slow.durable().count == 21)
    }

    @Test("an open that takes long holds up the start alone")
    func opens() async throws {
        let first = try slow.makeStore()
        _ = try await first.load()
        _ = try await first.commit(commit(1))
        let next = try slow.makeStore()
        let gate = disk.hold(.open)
        let loading = Task { try await next.load().records.count }
        try await gate.arrival()
        #expect(next.waitingCount == 0)
        gate.open()
        #expect(try await loading.value == 1)
    }

    @Test("changes that come while a sync takes long share the next one")
    func shared() async throws {
        let store = try slow.makeStore()
        _ = try await store.load()
        await store.waitForFold()
        let before = disk.count(of: .sync)
        let gate = disk.hold(.sync)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await store.commit(commit(0)) }
            try await gate.arrival()
            for number in 1...50 {
                group.addTask { _ = try await store.commit(commit(number)) }
            }
            while store.waitingCount < 50 {
                try Task.checkCancellation()
                await Task.yield()
            }
            gate.open()
            try await group.waitForAll()
        }
        #expect(disk.count(of: .sync) == before + 2)
        #expect(try slow.durable().count == 51)
    }

    @Test("a stop waits for a sync that takes long, but no longer than it is told to")
    func stops() async throws {
        let store = try slow.makeStore()
        _ = try await store.load()
        await store.waitForFold()
        let gate = disk.hold(.sync)
        let write = Task { try await store.commit(commit(1)) }
        try await gate.arrival()
        let isClosed = Mutex(false)
        let time = ManualTime()
        let closing = Task {
            await store.close()
            isClosed.withLock { $0 = true }
        }
        let stop = Task { await wait(for: closing, within: .seconds(30), time) }
        try await time.sleepers(1)
        time.advance(by: .seconds(30))
        #expect(await stop.value == false)
        #expect(!isClosed.withLock { $0 })
        gate.open()
        await closing.value
        _ = try await write.value
        #expect(try slow.durable() == [.device("d1")])
    }

    @Test("a folder that was made and not synced is synced by the next start")
    func folders() async throws {
        disk.plan(.stops(before: true), atCall: 5)
        #expect(throws: StoreError.self) { try slow.makeStore() }
        disk.plan(nil)
        let store = try slow.makeStore()
        _ = try await store.load()
        _ = try await store.commit(commit(1))
        #expect(try slow.durable() == [.device("d1")])
    }
}
