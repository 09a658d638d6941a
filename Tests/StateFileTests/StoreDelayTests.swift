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
    private let disk = FaultyDisk(seed: 1)

    private func makeStore(_ settings: StoreSettings = StoreSettings()) throws -> FileStore {
        try FileStore(
            path: StoreTrial.path, files: disk.start(), settings: settings,
            logger: StoreTrial.silent)
    }

    private func record(_ number: Int) -> DeviceRecord {
        DeviceRecord(
            key: .device("d\(number)"), version: 1, cordon: Cordon(since: Date(), reason: "r"))
    }

    /// What a process that starts after a power cut finds.
    private func durable() throws -> Set<RecordKey> {
        disk.cutPower()
        let state = try StateLoader(
            names: StateNames(document: StoreTrial.path), files: disk.start()
        ).load()
        return Set(state.image.records.map(\.key))
    }

    private func claim(_ pool: Pool) -> Task<String, any Error> {
        Task { try await pool.claim(.group("g"), SpecProperties()).claim.id }
    }

    @Test(
        "while a call takes long, describe answers, and nothing is said to be done that isn't",
        arguments: [DiskCall.write, .sync])
    func describes(_ call: DiskCall) async throws {
        let pool = try await Pool(inventory: Rig.devices(3), store: try makeStore())
        let first = try await claim(pool).value
        let gate = disk.hold(call)
        let second = claim(pool)
        try await gate.arrival()
        #expect(await pool.described(with: [:]).map(\.id) == [first])
        #expect(await pool.statuses().count { $0.claim != nil } == 1)
        gate.open()
        let ids = [first, try await second.value]
        #expect(await pool.described(with: [:]).map(\.id) == ids)
        #expect(try durable().count == 2)
    }

    @Test(
        "while the journal goes on in a fresh segment and that takes long, describe answers",
        arguments: [DiskCall.create, .allocate, .rename, .syncFolder])
    func rotates(_ call: DiskCall) async throws {
        var settings = StoreSettings()
        settings.foldAfter = 1
        let store = try makeStore(settings)
        let pool = try await Pool(inventory: Rig.devices(3), store: store)
        await store.waitForFold()
        let gate = disk.hold(call)
        // It is answered before its change makes the journal due to be folded.
        let first = try await claim(pool).value
        try await gate.arrival()
        let second = claim(pool)
        #expect(await pool.described(with: [:]).map(\.id) == [first])
        gate.open()
        let ids = [first, try await second.value]
        #expect(await pool.described(with: [:]).map(\.id) == ids)
        await store.waitForFold()
        #expect(try durable().count == 2)
    }

    @Test(
        "a fold that takes long holds up no change",
        arguments: [DiskCall.create, .write, .sync, .rename])
    func folds(_ call: DiskCall) async throws {
        var settings = StoreSettings()
        settings.foldAfter = 1
        let store = try makeStore(settings)
        _ = try await store.load()
        await store.waitForFold()
        let gate = disk.hold(call, of: .newDocument)
        try await store.write(record(0), replacing: 0)
        try await gate.arrival()
        for number in 1...20 { try await store.write(record(number), replacing: 0) }
        #expect(await store.isFolding)
        gate.open()
        await store.waitForFold()
        await store.close()
        #expect(try durable().count == 21)
    }

    @Test("an open that takes long holds up the start alone")
    func opens() async throws {
        let first = try makeStore()
        _ = try await first.load()
        try await first.write(record(1), replacing: 0)
        let next = try makeStore()
        let gate = disk.hold(.open)
        let loading = Task { try await next.load().records.count }
        try await gate.arrival()
        #expect(try await next.nextSequence() == 1)
        gate.open()
        #expect(try await loading.value == 1)
    }

    @Test("changes that come while a sync takes long share the next one")
    func shared() async throws {
        let store = try makeStore()
        _ = try await store.load()
        await store.waitForFold()
        let before = disk.count(of: .sync)
        let gate = disk.hold(.sync)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await store.write(record(0), replacing: 0) }
            try await gate.arrival()
            for number in 1...50 {
                group.addTask { try await store.write(record(number), replacing: 0) }
            }
            while store.waitingCount < 50 {
                try Task.checkCancellation()
                await Task.yield()
            }
            gate.open()
            try await group.waitForAll()
        }
        #expect(disk.count(of: .sync) == before + 2)
        #expect(try durable().count == 51)
    }

    @Test("a sync that takes long and fails changes nothing")
    func failsLate() async throws {
        let pool = try await Pool(inventory: Rig.devices(1), store: try makeStore())
        let gate = disk.hold(.sync)
        let claim = claim(pool)
        try await gate.arrival()
        disk.setSyncsFail(true)
        gate.open()
        await #expect(throws: StoreError.self) { try await claim.value }
        #expect(await pool.described(with: [:]).isEmpty)
        disk.setSyncsFail(false)
        _ = try await self.claim(pool).value
        #expect(try durable().count == 1)
    }

    @Test("a stop waits for a sync that takes long, but no longer than it is told to")
    func stops() async throws {
        let store = try makeStore()
        _ = try await store.load()
        await store.waitForFold()
        let gate = disk.hold(.sync)
        let write = Task { try await store.write(record(1), replacing: 0) }
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
        try await write.value
        #expect(try durable() == [.device("d1")])
    }

    @Test("a folder that was made and not synced is synced by the next start")
    func folders() async throws {
        disk.plan(.stops(before: true), atCall: 5)
        #expect(throws: StoreError.self) { try makeStore() }
        disk.plan(nil)
        let store = try makeStore()
        _ = try await store.load()
        try await store.write(record(1), replacing: 0)
        #expect(try durable() == [.device("d1")])
    }
}
