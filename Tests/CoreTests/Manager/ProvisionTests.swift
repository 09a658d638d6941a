import Core
import Testing

@testable import TestSupport

@Suite(.timeLimit(.minutes(5))) struct ProvisionTests {
    @Test("a provision claims on disk before the BMC hears of it, starts, confirms, answers")
    func plain() async throws {
        let rig = try await Rig(2)
        rig.provider.hold(.observe, of: "d01")
        async let id = rig.manager.provision(
            .group("g", ["Boot": ["Target": "Pxe", "Mode": "UEFI"]]))
        await rig.provider.arrival(at: .observe, of: "d01")
        #expect(rig.store.records[.device("d01")]?.claim?.state == .starting(.claimed))
        rig.provider.open(.observe, of: "d01")
        #expect(try await id == "zzzzzzzy-d01")
        #expect(rig.provider.power(of: "d01") == .on)
        #expect(rig.provider.boot(of: "d01") == BootOverride(target: .pxe, mode: .uefi))
        #expect(rig.store.records[.device("d01")]?.claim?.state == .running)
        #expect(
            rig.provider.steps(on: "d01") == [.observe, .setBoot, .power(.on), .observe])
        #expect(rig.provider.steps(on: "d02").isEmpty)
    }

    @Test("a spec with mistakes is refused before anything is claimed")
    func badSpec() async throws {
        let rig = try await Rig(1)
        await #expect(throws: SpecError.self) {
            _ = try await rig.manager.provision(.group("g", ["Selctor": [:]]))
        }
        #expect(rig.store.writes.isEmpty)
    }

    @Test("a BMC that refuses costs a strike: the device is off, free, and the next one is taken")
    func refused() async throws {
        let rig = try await Rig(2)
        rig.provider.fail(.power(.on), of: "d01", with: .refusal)
        #expect(try await rig.manager.provision(.group("g")).hasSuffix("-d02"))
        #expect(await rig.ids().map { $0.suffix(4) } == ["-d02"])
        await rig.manager.waitUntilIdle()
        #expect(rig.provider.poweredOn == ["d02"])
        #expect(rig.store.records[.device("d01")]?.claim == nil)
    }

    @Test("when no device can be started the error tells what was tried")
    func nothingLeft() async throws {
        let rig = try await Rig(2)
        for device in ["d01", "d02"] { rig.provider.fail(.power(.on), of: device, with: .refusal) }
        await #expect {
            _ = try await rig.manager.provision(.group("g"))
        } throws: { error in
            let text = "\(error)"
            return text.hasPrefix("no device to claim: 2 devices: ")
                && text.hasSuffix(
                    "; tried: d01 (fake://1): power on refused: 400 Base.1.8.GeneralError;"
                        + " d02 (fake://2): power on refused: 400 Base.1.8.GeneralError")
        }
        #expect(await rig.ids().isEmpty)
    }

    @Test("a free device that is found running is neither claimed nor touched")
    func foreign() async throws {
        let rig = try await Rig(2)
        rig.provider.setPower(.on, of: "d01")
        #expect(try await rig.manager.provision(.group("g")).hasSuffix("-d02"))
        #expect(rig.provider.power(of: "d01") == .on)
        #expect(rig.provider.steps(on: "d01") == [.observe])
        #expect(await rig.pool.status(of: "d01")?.isForeign == true)
    }

    @Test("with PowerOff a running device is powered off, then started")
    func powerOff() async throws {
        let rig = try await Rig(1)
        rig.provider.setPower(.on, of: "d01")
        #expect(try await rig.manager.provision(.group("g", ["PowerOff": true])) == "zzzzzzzy-d01")
        let steps = rig.provider.steps(on: "d01").filter { $0 != .observe }
        #expect(steps == [.power(.gracefulOff), .power(.on)])
        #expect(rig.provider.power(of: "d01") == .on)
    }

    @Test("a device that turns out not to be what Require asks for is passed over")
    func requirement() async throws {
        let rig = try await Rig(2)
        rig.provider.setFacts(Facts(coreCount: 4), of: "d01")
        let id = try await rig.manager.provision(.group("g", ["Require": ["MinCores": 8]]))
        #expect(id.hasSuffix("-d02"))
        #expect(rig.provider.steps(on: "d01") == [.observe, .facts])
        #expect(await rig.pool.status(of: "d01")?.claim == nil)
    }

    @Test("a critical device is passed over")
    func critical() async throws {
        let rig = try await Rig(2)
        rig.provider.setHealth(.critical, of: "d01")
        #expect(try await rig.manager.provision(.group("g")).hasSuffix("-d02"))
    }

    @Test("a start that takes too long is answered with its ID and goes on to active")
    func slow() async throws {
        let rig = try await Rig(2)
        rig.provider.hold(.power(.on), of: "d01")
        async let id = rig.manager.provision(.group("g"))
        await rig.provider.arrival(at: .power(.on), of: "d01")
        #expect(await rig.ids() == ["zzzzzzzy-d01"])
        try await rig.time.sleepers(1)
        rig.time.advance(by: .seconds(10))
        #expect(try await id == "zzzzzzzy-d01")
        #expect(await rig.pool.instance("zzzzzzzy-d01")?.claim.state == .starting(.starting))
        rig.provider.open(.power(.on), of: "d01")
        await rig.manager.shutdown(within: .seconds(1))
        #expect(await rig.pool.instance("zzzzzzzy-d01")?.claim.state == .running)
        #expect(rig.provider.poweredOn == ["d01"])
    }

    @Test("a power command whose answer is lost is looked after, not repeated")
    func lostAnswer() async throws {
        let rig = try await Rig(1)
        rig.provider.fail(
            .power(.on), of: "d01", with: ProviderError(.unreachable, "reset", mayHaveActed: true))
        rig.provider.hold(.power(.on), of: "d01")
        async let id = rig.manager.provision(.group("g"))
        await rig.provider.arrival(at: .power(.on), of: "d01")
        rig.provider.setPower(.on, of: "d01")
        rig.provider.open(.power(.on), of: "d01")
        #expect(try await id == "zzzzzzzy-d01")
        #expect(rig.provider.steps(on: "d01").filter { $0 == .power(.on) }.count == 1)
    }

    @Test("a device that neither starts nor can be confirmed off stays claimed, not described")
    func cannotBackOut() async throws {
        let rig = try await Rig(2)
        rig.provider.fail(.power(.on), of: "d01", with: .refusal)
        rig.provider.hold(.power(.on), of: "d01")
        async let id = rig.manager.provision(.group("g"))
        await rig.provider.arrival(at: .power(.on), of: "d01")
        rig.provider.fail(.observe, of: "d01", with: .silence)
        rig.provider.open(.power(.on), of: "d01")
        #expect(try await id.hasSuffix("-d02"))
        #expect(await rig.ids().map { $0.suffix(4) } == ["-d02"])
        let status = await rig.pool.status(of: "d01")
        #expect(status?.array == .nonFunctional)
        #expect(status?.claim?.state.name == "discarding")

        rig.provider.fail(.observe, of: "d01", with: nil)
        try await rig.pass { await rig.array(of: "d01") == .available }
    }

    @Test("labels are merged into the tags and stored")
    func label() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        try await rig.manager.label(id, ["infrakit.config.hash": "x"])
        #expect(await rig.ids(["infrakit.group": "g", "infrakit.config.hash": "x"]) == [id])
        #expect(rig.store.records[.device("d01")]?.claim?.spec.tags["infrakit.config.hash"] == "x")
        await #expect(throws: InstanceError.unknown("nope")) {
            try await rig.manager.label("nope", [:])
        }
    }

    @Test(
        "a provision cut short at any step is finished by the next daemon",
        arguments: [
            FakeProvider.Step.observe, .setBoot, .power(.on),
        ])
    func resumed(_ step: FakeProvider.Step) async throws {
        let rig = try await Rig(1)
        rig.provider.hold(step, of: "d01")
        let call = Task {
            try await rig.manager.provision(.group("g", ["Boot": ["Target": "Pxe"]]))
        }
        await rig.provider.arrival(at: step, of: "d01")
        // The old daemon dies here: it is never let past the step.
        let next = try await rig.restarted()
        #expect(await next.ids() == ["zzzzzzzy-d01"])
        let provider = FakeProvider()
        let fresh = try await Rig(devices: Rig.devices(1), store: rig.store, provider: provider)
        await fresh.manager.resumeUnfinished()
        await fresh.manager.shutdown(within: .seconds(1))
        #expect(await fresh.pool.instance("zzzzzzzy-d01")?.claim.state == .running)
        #expect(provider.poweredOn == ["d01"])
        #expect(provider.boot(of: "d01") != nil)
        await rig.manager.shutdown(within: .zero)
        _ = await call.result
    }

    @Test("a provision cut short before anything was changed leaves a foreign device alone")
    func resumedForeign() async throws {
        let store = MemoryStore()
        let pool = try await Pool(inventory: Rig.devices(1), store: store)
        let id = try await pool.claim(.group("g"), SpecProperties()).claim.id
        let rig = try await Rig(1, store: store)
        rig.provider.setPower(.on, of: "d01")
        await rig.manager.resumeUnfinished()
        await rig.manager.shutdown(within: .seconds(1))
        #expect(await rig.pool.instance(id) == nil)
        #expect(rig.provider.steps(on: "d01") == [.observe])
    }

    @Test("a device that runs because the dead daemon started it becomes active without a restart")
    func resumedRunning() async throws {
        let store = MemoryStore()
        let pool = try await Pool(inventory: Rig.devices(1), store: store)
        let id = try await pool.claim(.group("g"), SpecProperties()).claim.id
        try await pool.update(id) { $0.claim.state = .starting(.starting) }
        let rig = try await Rig(1, store: store)
        rig.provider.setPower(.on, of: "d01")
        await rig.manager.resumeUnfinished()
        await rig.manager.shutdown(within: .seconds(1))
        #expect(await rig.pool.instance(id)?.claim.state == .running)
        #expect(rig.provider.steps(on: "d01") == [.observe])
    }
}
