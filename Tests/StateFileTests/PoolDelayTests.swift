import Foundation
import Testing

@testable import Core
@testable import StateFile
@testable import TestSupport

/// A pool on a disk that takes long over a call: describe goes on, and tells nothing that isn't so.
@Suite(.timeLimit(.minutes(2))) struct PoolDelayTests {
    private let slow = SlowDisk()
    private var disk: FaultyDisk { slow.disk }

    private func claim(_ pool: Pool) -> Task<String, any Error> {
        Task { try await pool.claim(.group("g"), SpecProperties()).claim.id }
    }

    @Test(
        "while a call takes long, describe answers, and nothing is said to be done that isn't",
        arguments: [DiskCall.write, .sync])
    func describes(_ call: DiskCall) async throws {
        let pool = try await Pool(inventory: Rig.devices(3), store: try slow.makeStore())
        let first = try await claim(pool).value
        let gate = disk.hold(call)
        let second = claim(pool)
        try await gate.arrival()
        #expect(await pool.described(with: [:]).map(\.id) == [first])
        #expect(await pool.statuses().count { $0.claim != nil } == 1)
        gate.open()
        let ids = [first, try await second.value]
        #expect(await pool.described(with: [:]).map(\.id) == ids)
        #expect(try slow.durable().count == 2)
    }

    @Test(
        "while the journal goes on in a fresh segment and that takes long, describe answers",
        arguments: [DiskCall.create, .allocate, .rename, .syncFolder])
    func rotates(_ call: DiskCall) async throws {
        let store = try slow.makeFoldingStore()
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
        #expect(try slow.durable().count == 2)
    }

    @Test("a sync that takes long and fails changes nothing")
    func failsLate() async throws {
        let pool = try await Pool(inventory: Rig.devices(1), store: try slow.makeStore())
        let gate = disk.hold(.sync)
        let claim = claim(pool)
        try await gate.arrival()
        disk.setSyncsFail(true)
        gate.open()
        await #expect(throws: StoreError.self) { try await claim.value }
        #expect(await pool.described(with: [:]).isEmpty)
        disk.setSyncsFail(false)
        _ = try await self.claim(pool).value
        #expect(try slow.durable().count == 1)
    }
}
