import Core
import Testing

@testable import TestSupport

/// A claim follows its machine through names and addresses.
@Suite("Renames with live claims", .timeLimit(.minutes(5))) struct RenameTests {
    private static func device(_ name: String, _ number: Int) -> Device {
        Device(name: name, provider: "fake", bmc: "fake://\(number)", labels: ["rack": "r1"])
    }

    @Test("a claimed device that is renamed takes its claim along, and is not claimed twice")
    func renamed() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        try await rig.manager.setInventory([Self.device("new", 1)])
        #expect(await rig.pool.instance(id)?.name == "new")
        #expect(await rig.pool.status(of: "d01") == nil)
        #expect(await rig.ids() == [id])
        await #expect(throws: PlacementError.self) {
            _ = try await rig.manager.provision(.group("g"))
        }
        let error = await #expect(throws: PowerError.self) {
            try await rig.manager.power(
                .off(grace: .zero), of: "new", within: .seconds(60), isForced: false)
        }
        #expect(error?.description.contains("claimed by \(id)") == true)
        try await rig.destroy(id)
        #expect(rig.provider.power(of: "d01") == .off)
        #expect(await rig.pool.history(of: "new").map(\.kind).contains(.renamed))
    }

    @Test("a rename over a restart takes the claim along, too")
    func renamedWhileDown() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        let next = try await Rig(
            devices: [Self.device("new", 1)], store: rig.store, provider: rig.provider)
        #expect(await next.pool.instance(id)?.name == "new")
        #expect(await next.pool.planAtStart.lines.map(\.kind) == [.renamed])
        try await next.destroy(id)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("swapped addresses: each destroy powers off the machine of its own tenant")
    func swapped() async throws {
        let rig = try await Rig(2)
        let ids = try await rig.claim(2)
        try await rig.manager.setInventory([Self.device("d01", 2), Self.device("d02", 1)])
        try await rig.destroy(ids[0])
        #expect(rig.provider.power(of: "d01") == .off)
        #expect(rig.provider.power(of: "d02") == .on)
        #expect(await rig.ids() == [ids[1]])
    }

    @Test("machines that exchanged their places keep their claims when the inventory says so, too")
    func exchangedAndListed() async throws {
        let rig = try await Rig(2)
        let claimed = try await rig.claim(2)
        let rounds = rig.synchroniser()
        await rig.rounds(1, of: rounds)
        let first = SystemIdentity(serialNumber: "SN-fake://1")
        let second = SystemIdentity(serialNumber: "SN-fake://2")
        rig.provider.setIdentity(second, of: "d01")
        rig.provider.setIdentity(first, of: "d02")
        await rig.rounds(4, of: rounds)
        #expect(await rig.ids() == [])
        #expect(
            await rig.pool.status(of: "d01")?.reasons.first?.contains("stands at d02") == true)
        // What is just read again moves nothing: they may be put back.
        try await rig.manager.setInventory([Self.device("d01", 1), Self.device("d02", 2)])
        #expect(await rig.pool.instance(claimed[0])?.name == "d01")
        try await rig.manager.setInventory([Self.device("d01", 2), Self.device("d02", 1)])
        await rig.rounds(4, of: rounds)
        #expect(await rig.ids().sorted() == claimed.sorted())
        #expect(await rig.pool.instance(claimed[0])?.name == "d01")
        try await rig.destroy(claimed[0])
        #expect(rig.provider.power(of: "d02") == .off)
        #expect(rig.provider.power(of: "d01") == .on)
    }

    @Test("a claimed and a free one swap addresses: the free machine is left alone")
    func swappedWithFree() async throws {
        let rig = try await Rig(2)
        let id = try await rig.manager.provision(.group("g"))
        try await rig.manager.setInventory([Self.device("d01", 2), Self.device("d02", 1)])
        rig.provider.setPower(.off, of: "d01")
        await rig.rounds(2, of: rig.synchroniser())
        #expect(await rig.pool.instance(id)?.name == "d02")
        #expect(rig.provider.power(of: "d01") == .on)
        #expect(rig.provider.power(of: "d02") == .off)
    }

    @Test(
        "a claimed device gets the address of a free one that leaves: the claim is kept, and waits")
    func freeAddress() async throws {
        let rig = try await Rig(2)
        let id = try await rig.manager.provision(.group("g"))
        #expect(await rig.pool.instance(id)?.name == "d01")
        try await rig.manager.setInventory([Self.device("d01", 2)])
        #expect(await rig.ids() == [id])
        await rig.rounds(4, of: rig.synchroniser())
        #expect(await rig.array(of: "d01") == .nonFunctional)
        #expect(await rig.pool.status(of: "d01")?.mismatch?.contains("another machine") == true)
        #expect(rig.provider.power(of: "d02") == .off)
        // The right address again.
        try await rig.manager.setInventory([Self.device("d01", 1)])
        await rig.rounds(4, of: rig.synchroniser())
        #expect(await rig.ids() == [id])
    }

    @Test("a reload that would tear a claim from its machine is refused, and changes nothing")
    func refused() async throws {
        let rig = try await Rig(2)
        let ids = try await rig.claim(2)
        let error = await #expect(throws: InventoryRefusal.self) {
            try await rig.manager.setInventory([Self.device("d02", 1)])
        }
        #expect(error?.description.contains("d02: is the address of d01 now") == true)
        #expect(await rig.pool.instance(ids[1])?.device?.bmc == "fake://2")
        #expect(await rig.pool.statuses().allSatisfy(\.isListed))
    }

    @Test("a reload during a look, a start, or a stop: what is going on goes on at the new name")
    func duringLook() async throws {
        let rig = try await Rig(1)
        rig.provider.hold(.observe, of: "d01")
        let call = Task { try await rig.manager.provision(.group("g")) }
        await rig.provider.arrival(at: .observe, of: "d01")
        try await rig.manager.setInventory([Self.device("new", 1)])
        rig.provider.open(.observe, of: "d01")
        let id = try await call.value
        #expect(id == "zzzzzzzy-d01")
        #expect(await rig.state(of: id) == .running)
        rig.provider.hold(.observe, of: "new")
        let destroyed = Task { try await rig.destroy(id) }
        await rig.provider.arrival(at: .observe, of: "new")
        try await rig.manager.setInventory([Self.device("newer", 1)])
        rig.provider.open(.observe, of: "new")
        try await destroyed.value
        #expect(await rig.state(of: id) == nil)
        #expect(rig.store.writes.allSatisfy { $0.claim?.state.isDescribed != false })
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("what was seen at one address sends no command to another")
    func duringStop() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", ["Grace": "5m"]))
        rig.provider.ignoreShutdown(on: "d01")
        rig.provider.place([Self.device("x7", 7)])
        rig.provider.setPower(.on, of: "x7")
        rig.provider.setIdentity(SystemIdentity(serialNumber: "other"), of: "x7")
        try await rig.manager.destroy(id)
        try await rig.time.pass(.seconds(60))
        try await rig.manager.setInventory([Self.device("d01", 7)])
        try await rig.pass(within: .seconds(900)) {
            await rig.state(of: id)?.name == "discarding"
        }
        try await rig.time.pass(.seconds(600))
        #expect(rig.provider.power(of: "x7") == .on)
        try await rig.manager.setInventory([Self.device("d01", 1)])
        try await rig.pass(until: nil, of: id)
        #expect(rig.provider.power(of: "d01") == .off)
        #expect(rig.provider.power(of: "x7") == .on)
    }

    @Test("what was seen at one address before a write starts nothing at another after it")
    func duringWrite() async throws {
        let rig = try await Rig(1)
        rig.provider.place([Self.device("x7", 7)])
        await rig.rounds(1, of: rig.synchroniser())
        rig.provider.hold(.observe, of: "d01")
        let call = Task { try await rig.manager.provision(.group("g")) }
        await rig.provider.arrival(at: .observe, of: "d01")
        rig.store.hold()
        rig.provider.open(.observe, of: "d01")
        while rig.store.heldCount == 0 {
            try Task.checkCancellation()
            await Task.yield()
        }
        let reload = Task { try await rig.manager.setInventory([Self.device("d01", 7)]) }
        for _ in 0..<50 { await Task.yield() }
        rig.store.open()
        _ = try await reload.value
        await #expect(throws: ProvisionError.self) { try await call.value }
        #expect(rig.provider.power(of: "x7") == .off)
        #expect(!rig.provider.steps(on: "d01").contains(.power(.on)))
    }

    @Test("what is being claimed while the inventory is read again is in the plan")
    func claimDuringReload() async throws {
        let rig = try await Rig(2)
        _ = try await rig.manager.provision(.group("g"))
        rig.store.hold()
        let call = Task { try await rig.pool.claim(.group("g"), SpecProperties()) }
        while rig.store.heldCount == 0 {
            try Task.checkCancellation()
            await Task.yield()
        }
        // d01's machine is to be d02, at whose former address a claim is being made.
        let reload = Task { try await rig.manager.setInventory([Self.device("d02", 1)]) }
        for _ in 0..<50 { await Task.yield() }
        rig.store.open()
        let claimed = try await call.value
        await #expect(throws: InventoryRefusal.self) { try await reload.value }
        #expect(await rig.pool.instance(claimed.claim.id)?.device?.bmc == "fake://2")
        #expect(await rig.ids().count == 2)
    }

    @Test(
        "a claimed device that isn't listed is watched, destroyed, and says so; over a restart it says so"
    )
    func unlisted() async throws {
        let rig = try await Rig(2)
        let id = try await rig.manager.provision(.group("g"))
        let plan = try await rig.manager.setInventory([Self.device("d02", 2)])
        #expect(plan.lines.map(\.kind) == [.unlisted])
        #expect(
            await rig.pool.status(of: "d01")?.reasons.contains(
                "claimed, and not in the inventory: list it again") == true)
        let next = try await Rig(
            devices: [Self.device("d02", 2)], store: rig.store, provider: rig.provider)
        #expect(await next.pool.planAtStart.lines.map(\.kind) == [.unlisted])
        #expect(await next.pool.orphans().map(\.claim.id) == [id])
        let error = await #expect(throws: DestroyError.self) { try await next.manager.destroy(id) }
        #expect(error?.description.contains("forget \(id) --lost") == true)
        // Listed again, what was begun is finished.
        try await next.manager.setInventory([Self.device("z", 1), Self.device("d02", 2)])
        await next.manager.waitUntilIdle()
        #expect(await next.state(of: id) == nil)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    // MARK: Machines

    @Test("two plain provisions of one machine under two spellings: one starts")
    func twoSpellings() async throws {
        let devices = [
            Device(name: "a", provider: "fake", bmc: "fake://127.0.0.1"),
            Device(name: "b", provider: "fake", bmc: "fake://localhost"),
        ]
        let rig = try await Rig(devices: devices)
        for name in ["a", "b"] {
            rig.provider.setIdentity(SystemIdentity(serialNumber: "one"), of: name)
        }
        let id = try await rig.manager.provision(.group("g"))
        await #expect(throws: ProvisionError.self) {
            _ = try await rig.manager.provision(.group("g"))
        }
        #expect(await rig.ids() == [id])
        #expect(!rig.provider.steps(on: "b").contains(.power(.on)))
        #expect(await rig.pool.status(of: "b")?.reasons == ["is the same machine as a"])
        await #expect(throws: PowerError.self) {
            try await rig.manager.power(
                .off(grace: .zero), of: "b", within: .seconds(60), isForced: false)
        }
    }

    @Test("an exchanged machine is not powered on, does not recover, and the old one does")
    func exchanged() async throws {
        let rig = try await Rig(2)
        let id = try await rig.manager.provision(.group("g"))
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        rig.provider.failEverything(of: "d01", with: .silence)
        await rig.rounds(3, of: synchroniser)
        #expect(await rig.array(of: "d01") == .nonFunctional)
        rig.provider.failEverything(of: "d01", with: nil)
        rig.provider.setIdentity(SystemIdentity(serialNumber: "NEW-1"), of: "d01")
        rig.provider.setPower(.off, of: "d01")
        let commands = rig.provider.steps(on: "d01").count { $0 == .power(.on) }
        await rig.rounds(5, of: synchroniser)
        #expect(await rig.array(of: "d01") == .nonFunctional)
        #expect(rig.provider.steps(on: "d01").count { $0 == .power(.on) } == commands)
        let reasons = await rig.pool.status(of: "d01")?.reasons ?? []
        #expect(reasons.contains { $0.contains("serial NEW-1, claimed was serial SN-fake://1") })
        // The old one returns.
        rig.provider.failEverything(of: "d01", with: .silence)
        await rig.rounds(1, of: synchroniser)
        rig.provider.failEverything(of: "d01", with: nil)
        rig.provider.setIdentity(SystemIdentity(serialNumber: "SN-fake://1"), of: "d01")
        rig.provider.setPower(.on, of: "d01")
        await rig.rounds(4, of: synchroniser)
        #expect(await rig.ids() == [id])
    }

    @Test("another machine in the place of a running one fails the instance, and is not touched")
    func exchangedWhileRunning() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", logicalID: "l"))
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        rig.provider.failEverything(of: "d01", with: .silence)
        await rig.rounds(1, of: synchroniser)
        rig.provider.failEverything(of: "d01", with: nil)
        rig.provider.setIdentity(SystemIdentity(serialNumber: "NEW-1"), of: "d01")
        rig.provider.setPower(.off, of: "d01")
        let before = rig.provider.steps(on: "d01").filter { $0 != .observe && $0 != .facts }
        await rig.rounds(4, of: synchroniser)
        #expect(await rig.state(of: id)?.failure?.cause == .otherMachine)
        await #expect(throws: PowerError.self) {
            try await rig.manager.power(
                .on, of: "d01", within: .seconds(60), isForced: true)
        }
        #expect(
            rig.provider.steps(on: "d01").filter { $0 != .observe && $0 != .facts } == before)
    }

    // MARK: BMCs that exchange their addresses

    private func commands(on rig: Rig) -> [FakeProvider.Step] {
        ["d01", "d02"].flatMap(rig.provider.steps).filter { step in
            if case .power = step { true } else { false }
        }
    }

    /// Has instances destroyed, and a minute pass, whatever comes of it.
    private func destroyInVain(_ ids: [String], on rig: Rig) async throws {
        let end = rig.time.uptime + .seconds(60)
        let calls = ids.map { id in Task { try await rig.manager.destroy(id) } }
        try await rig.pass {
            for id in ids where await rig.state(of: id) != nil { return rig.time.uptime >= end }
            return true
        }
        for call in calls { _ = await call.result }
    }

    @Test(
        "BMCs exchange their addresses between two looks: no command of a claim reaches the other's",
        arguments: ["destroy", "round", "power", "cycle of a round and a destroy"])
    func exchangedAddresses(_ deed: String) async throws {
        let rig = try await Rig(2)
        let ids = try await rig.claim(2)
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        rig.provider.exchange("d01", with: "d02")
        let before = commands(on: rig)
        switch deed {
        case "destroy":
            try await destroyInVain(ids, on: rig)
            #expect(await rig.ids().isEmpty)
        case "round":
            await rig.rounds(3, of: synchroniser)
            for id in ids { #expect(await rig.state(of: id)?.failure?.cause == .otherMachine) }
        case "power":
            for name in ["d01", "d02"] {
                let error = await #expect(throws: PowerError.self) {
                    try await rig.manager.power(
                        .off(grace: .zero), of: name, within: .seconds(60), isForced: true)
                }
                #expect(error?.description.contains("another machine stands here") == true)
            }
        default:
            await rig.rounds(1, of: synchroniser)
            try await destroyInVain(ids, on: rig)
        }
        #expect(commands(on: rig) == before)
        #expect(rig.provider.poweredOn == ["d01", "d02"])
    }

    @Test("a claimed machine's BMC and a free one's exchange their addresses: nothing is switched")
    func exchangedWithFree() async throws {
        let rig = try await Rig(2)
        let id = try await rig.manager.provision(.group("g"))
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        rig.provider.exchange("d01", with: "d02")
        let before = commands(on: rig)
        // What stands at d01 now is off, and is not the one that is to run.
        await rig.rounds(3, of: synchroniser)
        #expect(await rig.state(of: id)?.failure?.cause == .otherMachine)
        try await destroyInVain([id], on: rig)
        #expect(commands(on: rig) == before)
        // They return.
        rig.provider.exchange("d01", with: "d02")
        try await rig.pass(until: nil, of: id)
        #expect(rig.provider.poweredOn.isEmpty)
    }

    @Test("who is asked about forgetting an instance is told that another machine stands there")
    func forgottenStranger() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        #expect(try await rig.manager.warning(ofForgetting: id).contains(", seen last at "))
        rig.provider.failEverything(of: "d01", with: .silence)
        await rig.rounds(1, of: synchroniser)
        rig.provider.failEverything(of: "d01", with: nil)
        rig.provider.setIdentity(SystemIdentity(serialNumber: "NEW-1"), of: "d01")
        await rig.rounds(1, of: synchroniser)
        let text = try await rig.manager.warning(ofForgetting: id)
        #expect(text.contains("but another machine stands here: serial NEW-1, claimed was"))
        #expect(!text.contains("seen last at"))
    }
}
