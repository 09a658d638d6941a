import Testing

@testable import Core
@testable import TestSupport

/// What holds of a claimed machine, whatever an inventory, a label or an operator say of it.
@Suite("A claimed machine", .timeLimit(.minutes(5))) struct ClaimedMachineTests {
    @Test("two spellings of one address are no proof that two claims are about one machine")
    func aliases() async throws {
        let rig = try await Rig(2)
        let ids = try await rig.claim(2)
        await rig.pool.noteAliases([BMCAlias(device: "d02", other: "d01", text: "")])
        #expect(await rig.pool.status(of: "d01")?.twin == "d02")
        try await rig.destroy(ids[0])
        #expect(rig.provider.power(of: "d01") == .off)
        #expect(rig.provider.power(of: "d02") == .on)
    }

    @Test("a system that the inventory names and the BMC never had is no sickness of the server")
    func mislisted() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        let wrong = Device(
            name: "d01", provider: "fake", bmc: "fake://1", system: "Node0",
            labels: ["rack": "r1"])
        try await rig.manager.setInventory([wrong])
        let lack = ProviderError(.refused, "the BMC has no system \"Node0\"", isIncapable: true)
        rig.provider.fail(.observe, of: "d01", with: lack)
        await rig.rounds(6, of: synchroniser)
        #expect(await rig.ids() == [id])
        #expect(await rig.pool.status(of: "d01")?.observation?.health == .refused)
    }

    @Test("a system that was there, and is not any more, was taken out")
    func takenOut() async throws {
        let rig = try await Rig(1)
        _ = try await rig.manager.provision(.group("g"))
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        let lack = ProviderError(.refused, "the BMC has no system \"Node0\"", isIncapable: true)
        rig.provider.fail(.observe, of: "d01", with: lack)
        await rig.rounds(6, of: synchroniser)
        #expect(await rig.ids() == [])
    }

    @Test("not even by force does a failed pet run beside the one in its place")
    func forced() async throws {
        let rig = try await Rig(2)
        _ = try await rig.manager.provision(.group("g", logicalID: "l"))
        let synchroniser = rig.synchroniser()
        rig.provider.setHealth(.critical, of: "d01")
        await rig.rounds(3, of: synchroniser)
        #expect(await rig.array(of: "d01") == .nonFunctional)
        _ = try await rig.manager.provision(.group("g", logicalID: "l"))
        let error = await #expect(throws: PowerError.self) {
            try await rig.manager.power(.on, of: "d01", within: .seconds(60), isForced: true)
        }
        #expect(error?.description.contains("not switched: logical ID l") == true)
        #expect(rig.provider.poweredOn == ["d02"])
        // Nothing keeps it from being switched off.
        _ = try await rig.manager.power(
            .off(grace: .zero), of: "d01", within: .seconds(60), isForced: true)
    }

    @Test("an operator's command looks first whose machine stands there now")
    func carriedAway() async throws {
        let rig = try await Rig(2)
        _ = try await rig.manager.provision(.group("g"))
        await rig.rounds(1, of: rig.synchroniser())
        // They have changed places since.
        rig.provider.setIdentity(SystemIdentity(serialNumber: "SN-fake://2"), of: "d01")
        rig.provider.setIdentity(SystemIdentity(serialNumber: "SN-fake://1"), of: "d02")
        rig.provider.setPower(.on, of: "d02")
        await #expect(throws: PowerError.self) {
            try await rig.manager.power(
                .off(grace: .zero), of: "d02", within: .seconds(60), isForced: false)
        }
        #expect(rig.provider.power(of: "d02") == .on)
        #expect(await rig.pool.status(of: "d02")?.isHeld == false)
    }

    @Test("a pet's name is not given on while its machine may run where nobody has looked")
    func astray() async throws {
        let rig = try await Rig(3)
        let pet = ClaimSpec.group("g", logicalID: "l")
        let id = try await rig.manager.provision(pet)
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        // Its machine is carried to another place, and goes on running there.
        rig.provider.setIdentity(SystemIdentity(serialNumber: "SN-blank"), of: "d01")
        rig.provider.setPower(.off, of: "d01")
        rig.provider.setIdentity(SystemIdentity(serialNumber: "SN-fake://1"), of: "d03")
        rig.provider.setPower(.on, of: "d03")
        _ = try? await rig.manager.destroy(id)
        try await rig.pass { await rig.ids() == [] }
        func refusal() async throws -> PlacementError? {
            await #expect(throws: PlacementError.self) { try await rig.manager.provision(pet) }
        }
        let key = LogicalIDKey(logicalID: "l", group: "g")
        #expect(try await refusal() == .logicalIDAstray(key, instance: id, device: "d02"))
        // What waits for the machine does not come to rest.
        _ = await synchroniser.round()
        #expect(try await refusal() == .logicalIDRunning(key, instance: id, device: "d03"))
        #expect(rig.provider.poweredOn == ["d03"])
        // It goes on to where nobody looks.
        rig.provider.setIdentity(SystemIdentity(serialNumber: "SN-fake://3"), of: "d03")
        _ = await synchroniser.round()
        _ = await synchroniser.round()
        #expect(try await refusal() == .logicalIDLost(key, instance: id))
        rig.provider.setIdentity(SystemIdentity(serialNumber: "SN-fake://1"), of: "d03")
        // Nobody has looked since a restart.
        let later = try await rig.restarted()
        let error = await #expect(throws: PlacementError.self) {
            try await later.manager.provision(pet)
        }
        #expect(error == .logicalIDAstray(key, instance: id, device: "d01"))
        later.provider.setPower(.off, of: "d03")
        _ = await later.synchroniser().round()
        _ = try await later.manager.provision(pet)
    }

    @Test("a pet that goes into another group finds its disks there")
    func relabelled() async throws {
        let rig = try await Rig(3)
        let id = try await rig.manager.provision(.group("g", logicalID: "l"))
        try await rig.manager.label(id, ["infrakit.group": "other"])
        try await rig.destroy(id)
        let next = try await rig.manager.provision(.group("other", logicalID: "l"))
        #expect(await rig.pool.instance(next)?.name == "d01")
    }

    @Test("looks that failed before and after a good one, whoever made it, are not in a row")
    func row() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        for _ in 0..<3 {
            rig.provider.fail(.observe, of: "d01", with: .silence)
            await rig.rounds(2, of: synchroniser)
            rig.provider.fail(.observe, of: "d01", with: nil)
            // An operator looks.
            _ = try await rig.manager.power(
                .status, of: "d01", within: .seconds(60), isForced: false)
        }
        #expect(await rig.ids() == [id])
    }
}
