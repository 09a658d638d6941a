import Core
import Testing

@testable import Core
@testable import TestSupport

/// What happens to a device between its choice and its claim.
@Suite(.timeLimit(.minutes(5))) struct ClaimRaceTests {
    /// Runs `body` while a change of d01 is being written, so that what is chosen then has to wait.
    private func whileWriting(
        _ rig: Rig, _ change: @escaping @Sendable () async throws -> Void,
        then body: () async throws -> Void
    ) async throws {
        rig.store.hold()
        let changed = Task { try await change() }
        while rig.store.heldCount == 0 {
            try Task.checkCancellation()
            await Task.yield()
        }
        try await body()
        rig.store.open()
        try await changed.value
    }

    @Test("a device whose cordon is being written when it is chosen is not claimed")
    func cordon() async throws {
        let rig = try await Rig(2)
        var call: Task<ClaimedDevice, any Error>?
        try await whileWriting(
            rig, { try await rig.pool.setCordon(Cordon(since: rig.time.date), of: "d01") }
        ) {
            call = Task { try await rig.pool.claim(.group("g"), SpecProperties()) }
            for _ in 0..<50 { await Task.yield() }
        }
        #expect(try await call?.value.device.name == "d02")
        #expect(await rig.pool.status(of: "d01")?.isReserved == false)
    }

    @Test("cordons and claims at one time: what was answered holds")
    func race() async throws {
        for _ in 0..<50 {
            let rig = try await Rig(1)
            let call = Task { try await rig.pool.claim(.group("g"), SpecProperties()) }
            try await rig.pool.setCordon(Cordon(since: rig.time.date), of: "d01")
            let isClaimed = await rig.pool.status(of: "d01")?.claim != nil
            let result = await call.result
            if !isClaimed { #expect((try? result.get()) == nil) }
        }
    }

    @Test("a cordon that waits for a reload is put on no name that is listed no more")
    func cordonDuringReload() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        rig.store.hold()
        let reload = Task {
            try await rig.manager.setInventory([
                Device(name: "new", provider: "fake", bmc: "fake://1")
            ])
        }
        while rig.store.heldCount == 0 {
            try Task.checkCancellation()
            await Task.yield()
        }
        let cordoned = Task {
            try await rig.pool.setCordon(Cordon(since: rig.time.date), of: "d01")
        }
        for _ in 0..<50 { await Task.yield() }
        rig.store.open()
        _ = try await reload.value
        await #expect(throws: DeviceError.self) { try await cordoned.value }
        #expect(rig.store.records.keys.map(\.deviceName) == ["new"])
        #expect(await rig.ids() == [id])
    }

    @Test(
        "an abandoned provision whose release fails touches nothing, and is released when it can be"
    )
    func abandoned() async throws {
        let rig = try await Rig(2)
        rig.provider.fail(.power(.on), of: "d01", with: .refusal)
        rig.provider.hold(.power(.on), of: "d01")
        let call = Task { try await rig.manager.provision(.group("g", logicalID: "l")) }
        await rig.provider.arrival(at: .power(.on), of: "d01")
        rig.provider.fail(.observe, of: "d01", with: .silence)
        rig.provider.open(.power(.on), of: "d01")
        // The caller is told that it failed while the first device is being undone.
        try await rig.pass(within: .seconds(5)) {
            await rig.pool.status(of: "d01")?.claim?.state.name == "undoing"
        }
        rig.time.advance(by: .seconds(10))
        await #expect(throws: ProvisionError.self) { try await call.value }
        // Its release fails, and nothing else.
        rig.store.fail(with: .failed("disk full")) { record in
            record.key == .device("d02") && record.claim == nil
        }
        rig.provider.fail(.observe, of: "d01", with: nil)
        try await rig.pass { await rig.pool.status(of: "d02")?.claim != nil }
        try await rig.time.pass(.seconds(60))
        #expect(await rig.pool.status(of: "d02")?.claim?.state == .starting(.claimed))
        #expect(rig.provider.steps(on: "d02").isEmpty)
        rig.store.fail(with: nil)
        try await rig.pass { await rig.ids().isEmpty }
        #expect(rig.provider.poweredOn.isEmpty)
    }

    @Test("what is not listed and was never claimed is forgotten")
    func forgotten() async throws {
        let rig = try await Rig(100)
        await rig.rounds(1, of: rig.synchroniser())
        try await rig.manager.setInventory([Rig.devices(100)[0]])
        #expect(await rig.pool.statuses().count == 1)
        #expect(await rig.pool.status(of: "d50") == nil)
    }

    @Test("a label whose write hangs is answered in time")
    func labelInTime() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        rig.store.hold()
        let call = Task { try await rig.manager.label(id, ["a": "b"]) }
        try await rig.time.pass(.seconds(10))
        await #expect(throws: StoreError.self) { try await call.value }
        rig.store.open()
        try await rig.pass { await rig.ids(["a": "b"]) == [id] }
    }
}
