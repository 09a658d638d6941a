import Core
import Testing

@testable import TestSupport

/// What an operator says of instances: release, forget, replace; and power that is broken off.
@Suite("The operator's words", .timeLimit(.minutes(5))) struct OperatorWordTests {
    @Test("release destroys like InfraKit would, by instance or by device, and says who")
    func release() async throws {
        let rig = try await Rig(2)
        let ids = try await rig.claim(2)
        #expect(try await rig.manager.release("d01", by: "ada").id == ids[0])
        let second = try await rig.manager.release(ids[1], by: "ada")
        #expect(second.text == "\(ids[1]) is released as soon as its machine is confirmed off")
        await rig.manager.waitUntilIdle()
        #expect(await rig.ids().isEmpty)
        #expect(rig.provider.poweredOn.isEmpty)
        #expect(await rig.pool.history(of: "d01").contains { $0.cause == "released by ada" })
        let error = await #expect(throws: OperatorError.self) {
            _ = try await rig.manager.release("d01", by: "ada")
        }
        #expect(error?.description.contains("d01 is not claimed") == true)
        let unknown = await #expect(throws: OperatorError.self) {
            _ = try await rig.manager.release("d0l", by: "ada")
        }
        #expect(unknown?.description.contains("did you mean d01?") == true)
    }

    @Test(
        "forget ends the claim on a machine that is gone, in whatever state, and says what it gives up"
    )
    func forget() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", logicalID: "l"))
        rig.provider.failEverything(of: "d01", with: .silence)
        let call = Task { try await rig.manager.destroy(id) }
        try await rig.time.pass(.seconds(2), sleepers: 2)
        _ = await call.result
        let text = try await rig.manager.forget(id, by: "ada")
        #expect(text.contains("l may live twice") && text.contains("SN-fake://1"))
        await rig.manager.waitUntilIdle()
        #expect(await rig.ids().isEmpty)
        #expect(rig.store.records[.device("d01")]?.claim == nil)
        #expect(await rig.pool.history(of: "d01").last?.kind == .forgotten)
    }

    @Test("forget and release end entries that name no device, or one that is listed no more")
    func orphans() async throws {
        let adopted = Claim(
            id: "InfraKit-7", spec: .group("g"), state: .running, claimedAt: nil, order: 0)
        let lost = Claim(
            id: "lost", spec: .group("g"), state: .running, claimedAt: nil, order: 1)
        let store = MemoryStore([
            DeviceRecord(key: .orphan(instance: "InfraKit-7"), claim: adopted),
            DeviceRecord(
                key: .device("gone"),
                machine: Machine(address: MachineAddress(provider: "fake", bmc: "fake://9")),
                claim: lost),
        ])
        let rig = try await Rig(1, store: store)
        #expect(await rig.pool.orphans().map(\.claim.id) == ["InfraKit-7", "lost"])
        let released = try await rig.manager.release("InfraKit-7", by: "ada")
        #expect(
            released.text
                == "InfraKit-7 is released: it named no device, so that nothing was powered off")
        await #expect(throws: DestroyError.self) {
            _ = try await rig.manager.release("lost", by: "ada")
        }
        _ = try await rig.manager.forget("lost", by: "ada")
        #expect(await rig.ids().isEmpty)
        #expect(await rig.pool.orphans().isEmpty)
    }

    @Test("replace takes a well server out until it is uncordoned; it comes back to the front")
    func replace() async throws {
        let rig = try await Rig(3)
        let ids = try await rig.claim(2)
        let synchroniser = rig.synchroniser()
        try await rig.manager.replace("d02", because: "noisy fan", by: "ada")
        #expect(await rig.ids() == [ids[0]])
        #expect(rig.provider.power(of: "d02") == .on)
        await rig.rounds(4, of: synchroniser)
        #expect(await rig.ids() == [ids[0]])
        #expect(
            await rig.pool.status(of: "d02")?.reasons == ["replaced by ada: noisy fan"])
        try await rig.pool.setCordon(nil, of: "d02")
        await rig.rounds(2, of: synchroniser)
        #expect(await rig.ids() == [ids[1], ids[0]])
        #expect(try await !rig.pool.uncordon("d02", by: "ada"))
        #expect(await rig.pool.history(of: "d02").count { $0.kind == .uncordoned } == 1)
        let error = await #expect(throws: OperatorError.self) {
            try await rig.manager.replace("d03", because: nil, by: "ada")
        }
        #expect(error?.description.contains("available, not active") == true)
    }

    @Test("a replaced pet is off before it stops being described, and powered on when it returns")
    func replacePet() async throws {
        let rig = try await Rig(2)
        let id = try await rig.manager.provision(.group("g", logicalID: "l"))
        rig.provider.hold(.power(.forceOff), of: "d01")
        try await rig.manager.replace("d01", because: nil, by: "ada")
        await rig.provider.arrival(at: .power(.forceOff), of: "d01")
        #expect(await rig.ids() == [id])
        rig.provider.open(.power(.forceOff), of: "d01")
        await rig.manager.waitUntilIdle()
        #expect(await rig.ids().isEmpty)
        let synchroniser = rig.synchroniser()
        await rig.rounds(3, of: synchroniser)
        #expect(rig.provider.power(of: "d01") == .off)
        try await rig.pool.setCordon(nil, of: "d01")
        await rig.rounds(3, of: synchroniser)
        #expect(rig.provider.power(of: "d01") == .on)
        #expect(await rig.ids() == [id])
    }

    // MARK: Power

    private func forced(_ action: PowerAction, _ rig: Rig) -> Task<PowerReport, any Error> {
        Task {
            try await rig.manager.power(action, of: "d01", within: .seconds(60), isForced: true)
        }
    }

    @Test("a cycle by hand that a destroy breaks off does not power on what was released")
    func brokenOff() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        rig.time.advance(by: .seconds(3600))
        rig.provider.fail(
            .power(.cycle), of: "d01",
            with: ProviderError(.refused, "no such command", isIncapable: true))
        rig.provider.hold(.power(.on), of: "d01")
        let cycle = forced(.cycle, rig)
        await rig.provider.arrival(at: .power(.on), of: "d01")
        try await rig.manager.destroy(id)
        let error = await #expect(throws: PowerError.self) { try await cycle.value }
        #expect(
            error?.description
                == "d01 (fake://1): power cycle broken off: its instance \(id) is stopping by now;"
                + " what was sent may act all the same")
        // The On that was being sent acts all the same.
        try await rig.time.pass(.seconds(30))
        #expect(await rig.ids() == [id])
        rig.provider.setPower(.on, of: "d01")
        try await rig.pass(until: nil, of: id)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test(
        "a cycle or a reset that was taken and not seen may act after a destroy",
        arguments: [
            PowerAction.cycle, .reset,
        ])
    func unseen(_ action: PowerAction) async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        rig.time.advance(by: .seconds(3600))
        let call = forced(action, rig)
        try await rig.pass(within: .seconds(60)) {
            rig.provider.steps(on: "d01").contains(.power(action == .cycle ? .cycle : .reset))
        }
        try await rig.manager.destroy(id)
        _ = await call.result
        try await rig.time.pass(.seconds(60))
        #expect(await rig.ids() == [id])
        rig.provider.setPower(.on, of: "d01")
        try await rig.pass(until: nil, of: id)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("a cycle that was seen is done with, and a destroy after it waits for nothing")
    func seen() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        rig.provider.fail(
            .power(.cycle), of: "d01",
            with: ProviderError(.refused, "no such command", isIncapable: true))
        #expect(try await forced(.cycle, rig).value == PowerReport(power: .on))
        let before = rig.time.uptime
        try await rig.destroy(id)
        #expect(rig.time.uptime == before)
    }

    @Test("a command for an instance that has gone meanwhile is refused, and nothing spins")
    func gone() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        rig.provider.hold(.observe, of: "d01")
        let call = forced(.reset, rig)
        await rig.provider.arrival(at: .observe, of: "d01")
        let second = forced(.reset, rig)
        for _ in 0..<50 { await Task.yield() }
        _ = try await rig.manager.forget(id, by: "ada")
        rig.provider.open(.observe, of: "d01")
        await #expect(throws: PowerError.self) { try await call.value }
        await #expect(throws: PowerError.self) { try await second.value }
        await rig.manager.waitUntilIdle()
        #expect(!rig.provider.steps(on: "d01").contains(.power(.reset)))
    }
}
