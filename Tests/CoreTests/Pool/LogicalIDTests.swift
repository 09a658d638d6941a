import Core
import Testing

@testable import Core
@testable import TestSupport

/// A logical ID lives once in its group, and its disks are where it lived last.
@Suite("Logical IDs", .timeLimit(.minutes(5))) struct LogicalIDTests {
    private func provision(
        _ rig: Rig, _ logicalID: String? = "l", group: String = "g"
    ) async throws -> String {
        try await rig.manager.provision(.group(group, logicalID: logicalID))
    }

    // MARK: Once

    @Test("a pet's failed start keeps its logical ID until the machine is confirmed off")
    func failedStart() async throws {
        let rig = try await Rig(3)
        rig.provider.fail(.power(.on), of: "d01", with: .refusal)
        rig.provider.hold(.power(.on), of: "d01")
        let call = Task { try await provision(rig) }
        await rig.provider.arrival(at: .power(.on), of: "d01")
        // It runs although the BMC refused, and can't be seen.
        rig.provider.setPower(.on, of: "d01")
        rig.provider.fail(.observe, of: "d01", with: .silence)
        rig.provider.open(.power(.on), of: "d01")
        try await rig.pass(within: .seconds(5)) {
            await rig.pool.status(of: "d01")?.claim?.state.name == "undoing"
        }
        #expect(await rig.ids() == ["zzzzzzzy-d01"])
        await #expect(throws: PlacementError.self) { _ = try await provision(rig) }
        #expect(rig.provider.steps(on: "d02").isEmpty)
        rig.provider.fail(.observe, of: "d01", with: nil)
        try await rig.pass(within: .seconds(5)) {
            await rig.pool.status(of: "d02")?.claim?.state == .running
        }
        let id = try await call.value
        #expect(id.hasSuffix("-d02"))
        #expect(rig.provider.power(of: "d01") == .off)
        await rig.manager.waitUntilIdle()
        #expect(await rig.ids() == [id])
    }

    /// A pet that was fenced, and is well again.
    private func fenced() async throws -> (rig: Rig, id: String, synchroniser: Synchroniser) {
        let rig = try await Rig(3)
        let id = try await provision(rig)
        let synchroniser = rig.synchroniser()
        rig.provider.setHealth(.critical, of: "d01")
        await rig.rounds(2, of: synchroniser)
        #expect(await rig.ids().isEmpty)
        rig.provider.setHealth(.ok, of: "d01")
        return (rig, id, synchroniser)
    }

    @Test("a fenced pet that is powered on again has its logical ID before the first packet")
    func revival() async throws {
        let (rig, id, synchroniser) = try await fenced()
        rig.provider.hold(.power(.on), of: "d01")
        for _ in 0..<2 {
            await synchroniser.round()
            rig.time.advance(by: .seconds(30))
        }
        await rig.provider.arrival(at: .power(.on), of: "d01")
        await #expect(throws: PlacementError.self) { _ = try await provision(rig) }
        rig.provider.open(.power(.on), of: "d01")
        await rig.manager.waitUntilIdle()
        #expect(await rig.ids() == [id])
    }

    @Test("a fenced pet whose logical ID lives elsewhere by then is not powered on")
    func noRevival() async throws {
        let (rig, id, synchroniser) = try await fenced()
        let second = try await provision(rig)
        let before = rig.provider.steps(on: "d01").count { $0 == .power(.on) }
        await rig.rounds(3, of: synchroniser)
        #expect(rig.provider.steps(on: "d01").count { $0 == .power(.on) } == before)
        #expect(await rig.ids() == [second])
        #expect(await rig.state(of: id) == nil)
    }

    @Test("a revival whose On may act yet keeps its logical ID until the machine is off for sure")
    func revivalInVain() async throws {
        let (rig, id, synchroniser) = try await fenced()
        rig.provider.delayCommands(of: "d01")
        for _ in 0..<2 {
            await synchroniser.round()
            rig.time.advance(by: .seconds(30))
        }
        try await rig.pass { await rig.state(of: id)?.name == "refencing" }
        await #expect(throws: PlacementError.self) { _ = try await provision(rig) }
        rig.provider.delayCommands(of: "d01", false)
        rig.provider.act(of: "d01")
        try await rig.pass { await rig.state(of: id)?.name == "failed" }
        #expect(rig.provider.power(of: "d01") == .off)
        _ = try await provision(rig)
    }

    @Test("a revival that is destroyed gives its logical ID away only when its machine is off")
    func destroyedRevival() async throws {
        let (rig, id, synchroniser) = try await fenced()
        rig.provider.delayCommands(of: "d01")
        for _ in 0..<2 {
            await synchroniser.round()
            rig.time.advance(by: .seconds(30))
        }
        while rig.provider.steps(on: "d01").count(where: { $0 == .power(.on) }) < 2 {
            try Task.checkCancellation()
            await Task.yield()
        }
        rig.provider.delayCommands(of: "d01", false)
        try await rig.manager.destroy(id)
        #expect(await rig.state(of: id)?.name == "undoing")
        await #expect(throws: PlacementError.self) { _ = try await provision(rig) }
        try await rig.pass(until: nil, of: id)
        _ = try await provision(rig)
    }

    @Test("a hostname is told for a logical ID only where no instance of the group has it")
    func hostname() async throws {
        let devices = [
            Device(name: "d01", provider: "fake", bmc: "fake://1", hostname: "h"),
            Device(name: "d02", provider: "fake", bmc: "fake://2"),
            Device(name: "d03", provider: "fake", bmc: "fake://3"),
        ]
        let rig = try await Rig(devices: devices)
        func told() async -> [String?] {
            await rig.pool.described(with: ["infrakit.group": "g"]).map(\.logicalID)
        }
        _ = try await provision(rig, nil)
        #expect(await told() == ["h"])
        let pet = try await provision(rig, "h")
        #expect(await told() == [nil, "h"])
        try await rig.destroy(pet)
        #expect(await told() == ["h"])
        // One that comes from another group takes the name with it.
        let other = try await provision(rig, "h", group: "other")
        #expect(await told() == ["h"])
        try await rig.manager.label(other, ["infrakit.group": "g"])
        #expect(await told() == [nil, "h"])
    }

    @Test("a label does not move an instance into a group where its logical ID lives")
    func label() async throws {
        let rig = try await Rig(3)
        let first = try await provision(rig)
        let second = try await provision(rig, group: "other")
        await #expect(throws: PlacementError.self) {
            try await rig.manager.label(second, ["infrakit.group": "g"])
        }
        #expect(await rig.pool.instance(second)?.claim.group == "other")
        try await rig.destroy(first)
        try await rig.manager.label(second, ["infrakit.group": "g"])
        await #expect(throws: PlacementError.self) { _ = try await provision(rig) }
    }

    // MARK: Disks

    @Test("a pet goes back to the machine that carried it last, whoever was touched since")
    func lastCarrier() async throws {
        let rig = try await Rig(4)
        // d01 carries it, then d02.
        try await rig.destroy(try await provision(rig))
        try await rig.pool.setCordon(Cordon(since: rig.time.date), of: "d01")
        let second = try await provision(rig)
        #expect(second.hasSuffix("-d02"))
        try await rig.destroy(second)
        // d01 is touched last.
        try await rig.pool.setCordon(nil, of: "d01")
        let synchroniser = rig.synchroniser()
        rig.provider.setHealth(.critical, of: "d01")
        await rig.rounds(1, of: synchroniser)
        rig.provider.setHealth(.ok, of: "d01")
        await rig.rounds(1, of: synchroniser)
        let next = try await rig.restarted()
        #expect(try await provision(next).hasSuffix("-d02"))
    }

    @Test("the last carrier is a group's own")
    func lastCarrierPerGroup() async throws {
        let rig = try await Rig(4)
        let first = try await provision(rig)
        let other = try await provision(rig, group: "other")
        #expect(first.hasSuffix("-d01") && other.hasSuffix("-d02"))
        try await rig.destroy(first)
        try await rig.destroy(other)
        #expect(try await provision(rig).hasSuffix("-d01"))
        #expect(try await provision(rig, group: "other").hasSuffix("-d02"))
    }

    @Test("a start that never came to its On leaves no disks, and is not the last carrier")
    func refusedStart() async throws {
        let rig = try await Rig(3)
        let first = try await provision(rig)
        try await rig.destroy(first)
        try await rig.pool.setCordon(Cordon(since: rig.time.date), of: "d01")
        rig.provider.fail(.power(.on), of: "d02", with: .refusal)
        rig.provider.fail(.power(.on), of: "d03", with: .refusal)
        await #expect(throws: ProvisionError.self) { _ = try await provision(rig) }
        await rig.manager.waitUntilIdle()
        for device in ["d02", "d03"] { rig.provider.fail(.power(.on), of: device, with: nil) }
        try await rig.pool.setCordon(nil, of: "d01")
        #expect(try await provision(rig).hasSuffix("-d01"))
    }

    @Test("an exchanged machine has not the disks of the one before")
    func exchangedCarrier() async throws {
        let rig = try await Rig(2)
        let first = try await provision(rig)
        #expect(first.hasSuffix("-d01"))
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        try await rig.destroy(first)
        rig.provider.failEverything(of: "d01", with: .silence)
        await rig.rounds(1, of: synchroniser)
        rig.provider.failEverything(of: "d01", with: nil)
        rig.provider.setIdentity(SystemIdentity(serialNumber: "NEW-1"), of: "d01")
        await rig.rounds(1, of: synchroniser)
        #expect(try await provision(rig).hasSuffix("-d02"))
    }
}
