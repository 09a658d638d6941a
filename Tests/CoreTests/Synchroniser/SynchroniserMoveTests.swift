import Core
import Testing

@testable import TestSupport

@Suite(.timeLimit(.minutes(5))) struct SynchroniserMoveTests {
    @Test("a failed device is not described; recovered it is at the front, with ID, tags, order")
    func failsAndRecovers() async throws {
        let rig = try await Rig(4)
        let ids = try await rig.claim(3)
        try await rig.manager.label(ids[1], ["a": "b"])
        let synchroniser = rig.synchroniser()
        rig.provider.setHealth(.critical, of: "d02")
        await rig.rounds(1, of: synchroniser)
        #expect(await rig.ids() == ids)
        await rig.rounds(1, of: synchroniser)
        #expect(await rig.ids() == [ids[0], ids[2]])
        #expect(await rig.array(of: "d02") == .nonFunctional)
        #expect(rig.provider.power(of: "d02") == .on)
        let replacement = try await rig.claim(1)
        rig.provider.setHealth(.ok, of: "d02")
        await rig.rounds(2, of: synchroniser)
        let described = await rig.pool.described(with: [:])
        #expect(described.map(\.id) == [ids[1], ids[0], ids[2]] + replacement)
        #expect(described.first?.tags == ["infrakit.group": "g", "a": "b"])
        // InfraKit destroys the lowest ID: the replacement.
        #expect(described.map(\.id).min() == replacement.first)
    }

    @Test("40 of 100 vanish in one round: nothing moves until they are back, and then neither")
    func networkFault() async throws {
        let rig = try await Rig(100)
        let ids = try await rig.claim(80)
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        let lost = Rig.devices(100).suffix(40).map(\.name)
        for name in lost { rig.provider.failEverything(of: name, with: .silence) }
        for round in await rig.rounds(6, of: synchroniser) {
            #expect(round.actions.isEmpty)
            #expect(round.failed == 40)
        }
        #expect(await synchroniser.freeze == .frozen(failing: 40, of: 100))
        #expect(await rig.ids() == ids)
        for name in lost { rig.provider.failEverything(of: name, with: nil) }
        await rig.rounds(1, of: synchroniser)
        #expect(await synchroniser.freeze == .none)
        #expect(await rig.ids() == ids)
    }

    @Test("one of 100 vanishes: it moves after exactly three looks")
    func oneVanishes() async throws {
        let rig = try await Rig(100)
        let ids = try await rig.claim(100)
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        rig.provider.failEverything(of: "d50", with: .silence)
        await rig.rounds(2, of: synchroniser)
        #expect(await rig.ids() == ids)
        await rig.rounds(1, of: synchroniser)
        #expect(await rig.ids() == ids.filter { !$0.hasSuffix("-d50") })
    }

    @Test("after an operator's unfreeze what fails moves")
    func unfreeze() async throws {
        let rig = try await Rig(5)
        _ = try await rig.claim(5)
        let synchroniser = rig.synchroniser()
        for name in ["d01", "d02", "d03"] { rig.provider.setHealth(.critical, of: name) }
        await rig.rounds(3, of: synchroniser)
        #expect(await rig.ids().count == 5)
        await synchroniser.unfreeze()
        #expect(await synchroniser.freeze == .overruled)
        await rig.rounds(1, of: synchroniser)
        #expect(await rig.ids().count == 2)
    }

    @Test("a sick free device can't be claimed, and the refusal says so")
    func sick() async throws {
        let rig = try await Rig(2)
        rig.provider.setHealth(.critical, of: "d01")
        await rig.rounds(1, of: rig.synchroniser())
        #expect(try await rig.claim(1).first?.hasSuffix("-d02") == true)
        await #expect(
            throws: PlacementError.noDevice(
                total: 2, reasons: ["1 claimed", "1 in bad health (d01: PSU 2: input lost)"])
        ) { try await rig.claim(1) }
    }

    @Test("a claimed device found off is powered on again")
    func drift() async throws {
        let rig = try await Rig(1)
        let ids = try await rig.claim(1)
        rig.provider.setPower(.off, of: "d01")
        await rig.rounds(1, of: rig.synchroniser())
        #expect(rig.provider.power(of: "d01") == .on)
        #expect(await rig.ids() == ids)
    }

    @Test("a free device found running is reported, and not touched")
    func foreign() async throws {
        let rig = try await Rig(1)
        rig.provider.setPower(.on, of: "d01")
        await rig.rounds(3, of: rig.synchroniser())
        #expect(rig.provider.power(of: "d01") == .on)
        #expect(await rig.pool.status(of: "d01")?.isForeign == true)
        #expect(await rig.pool.history(of: "d01").map(\.kind) == [.foreign])
    }

    @Test("a cordoned device can't be claimed, after a restart neither, until it is uncordoned")
    func cordon() async throws {
        var rig = try await Rig(1)
        try await rig.pool.setCordon(Cordon(since: rig.time.date, reason: "fan"), of: "d01")
        rig = try await rig.restarted()
        await rig.rounds(1, of: rig.synchroniser())
        await #expect(throws: PlacementError.noDevice(total: 1, reasons: ["1 cordoned"])) {
            try await rig.claim(1)
        }
        try await rig.pool.setCordon(nil, of: "d01")
        #expect(try await rig.claim(1).count == 1)
    }

    // MARK: Unfinished business

    @Test("what a crash left half done is taken up by the next round")
    func unfinished() async throws {
        let rig = try await Rig(2)
        let ids = try await rig.claim(2)
        try await rig.pool.update(ids[0]) { $0.claim.state = .starting(.starting) }
        try await rig.pool.update(ids[1]) { $0.claim.state = .stopping }
        rig.provider.setPower(.off, of: "d01")
        let next = try await rig.restarted()
        await next.rounds(1, of: next.synchroniser())
        #expect(await next.pool.instance(ids[0])?.claim.state == .running)
        #expect(rig.provider.power(of: "d01") == .on)
        #expect(await next.pool.instance(ids[1]) == nil)
        #expect(rig.provider.power(of: "d02") == .off)
    }

    @Test("a device whose start could not be undone is powered off and freed when its BMC answers")
    func backingOut() async throws {
        let rig = try await Rig(1)
        rig.provider.fail(.power(.on), of: "d01", with: .refusal)
        rig.provider.fail(.power(.forceOff), of: "d01", with: .silence)
        rig.provider.hold(.power(.on), of: "d01")
        let attempt = Task { try await rig.claim(1) }
        await rig.provider.arrival(at: .power(.on), of: "d01")
        rig.provider.fail(.observe, of: "d01", with: .silence)
        rig.provider.open(.power(.on), of: "d01")
        await #expect(throws: ProvisionError.self) { try await attempt.value }
        // It runs, although the BMC says that it refused.
        rig.provider.setPower(.on, of: "d01")
        rig.provider.fail(.observe, of: "d01", with: nil)
        try await rig.time.pass(.seconds(60))
        #expect(await rig.array(of: "d01") == .nonFunctional)
        rig.provider.fail(.power(.forceOff), of: "d01", with: nil)
        try await rig.pass { await rig.array(of: "d01") == .available }
        #expect(rig.provider.power(of: "d01") == .off)
    }

    // MARK: The inventory

    @Test("a claimed device that was dropped from the inventory stays and is watched")
    func dropped() async throws {
        let rig = try await Rig(2)
        let ids = try await rig.claim(1)
        try await rig.manager.setInventory([Rig.devices(2)[1]])
        let synchroniser = rig.synchroniser()
        let before = rig.looks(at: "d01")
        await rig.rounds(1, of: synchroniser)
        #expect(rig.looks(at: "d01") == before + 1)
        #expect(await rig.ids() == ids)
        try await rig.destroy(ids[0])
        #expect(rig.provider.power(of: "d01") == .off)
        let after = rig.looks(at: "d01")
        await rig.rounds(1, of: synchroniser)
        #expect(rig.looks(at: "d01") == after)
        #expect(try await rig.claim(1).first?.hasSuffix("-d02") == true)
    }

    @Test("a device whose BMC moved keeps its claim; the old BMC is forgotten, the new one watched")
    func moved() async throws {
        let rig = try await Rig(2)
        let ids = try await rig.claim(1)
        let (manager, provider) = rig.counted()
        let old = Rig.devices(2)
        let new = Device(name: "d01", provider: "fake", bmc: "fake://new", labels: old[0].labels)
        try await manager.setInventory([new, old[1]])
        // In the background, for a BMC that hangs holds up nothing.
        while provider.forgotten.isEmpty {
            try Task.checkCancellation()
            await Task.yield()
        }
        #expect(provider.forgotten == [old[0]])
        await rig.synchroniser(of: manager).round()
        #expect(Set(provider.observed) == [new, old[1]])
        #expect(await rig.ids() == ids)
    }
}
