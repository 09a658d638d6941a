import Core
import Testing

@testable import TestSupport

@Suite(.timeLimit(.minutes(5))) struct DestroyTests {
    @Test("a destroy is on disk before the power goes, confirms off, clears the boot, releases")
    func plain() async throws {
        let rig = try await Rig(2)
        let id = try await rig.manager.provision(.group("g", ["Boot": ["Target": "Pxe"]]))
        rig.provider.hold(.power(.gracefulOff), of: "d01")
        async let destroyed: Void = rig.manager.destroy(id)
        await rig.provider.arrival(at: .power(.gracefulOff), of: "d01")
        #expect(rig.store.records[.device("d01")]?.claim?.state == .stopping)
        #expect(await rig.ids() == [id])
        rig.provider.open(.power(.gracefulOff), of: "d01")
        try await destroyed
        await rig.manager.waitUntilIdle()
        #expect(await rig.ids().isEmpty)
        #expect(rig.provider.power(of: "d01") == .off)
        #expect(rig.provider.boot(of: "d01") == nil)
        #expect(rig.store.records[.device("d01")]?.claim == nil)
        // The released device is the last to be claimed again.
        #expect(try await rig.manager.provision(.group("g")).hasSuffix("-d02"))
    }

    /// Destroys an instance whose operating system ignores the shutdown; returns when that is waited
    /// for.
    private func beginStubbornDestroy(
        of id: String, in rig: Rig
    ) async throws -> Task<Void, any Error> {
        rig.provider.ignoreShutdown(on: "d01")
        rig.provider.hold(.power(.gracefulOff), of: "d01")
        let destroyed = Task { try await rig.manager.destroy(id) }
        await rig.provider.arrival(at: .power(.gracefulOff), of: "d01")
        rig.provider.open(.power(.gracefulOff), of: "d01")
        // The pause between two looks.
        try await rig.time.sleepers(1)
        return destroyed
    }

    @Test("an operating system that ignores the shutdown loses its power after the grace time")
    func forced() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", ["Grace": "2s"]))
        let destroyed = try await beginStubbornDestroy(of: id, in: rig)
        try await destroyed.value
        rig.time.advance(by: .seconds(2))
        await rig.manager.waitUntilIdle()
        #expect(rig.provider.steps(on: "d01").contains(.power(.forceOff)))
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("with no grace the power is cut at once")
    func noGrace() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", ["Grace": "0s"]))
        try await rig.destroy(id)
        #expect(!rig.provider.steps(on: "d01").contains(.power(.gracefulOff)))
        #expect(rig.provider.steps(on: "d01").contains(.power(.forceOff)))
    }

    @Test("a BMC that is not reached is an error, and the instance stays described until it is")
    func unreachable() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        rig.provider.failEverything(of: "d01", with: .silence)
        let destroyed = Task { try await rig.manager.destroy(id) }
        try await rig.time.pass(.seconds(2), sleepers: 2)
        await #expect {
            try await destroyed.value
        } throws: { error in
            "\(error)"
                == "d01 (fake://1): \(id) is not destroyed yet: no answer; it stays described and is"
                + " tried again"
        }
        #expect(await rig.ids() == [id])
        rig.provider.failEverything(of: "d01", with: nil)
        try await rig.pass(until: nil, of: id)
        #expect(await rig.ids().isEmpty)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("a second destroy joins the first")
    func joined() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        rig.provider.hold(.power(.gracefulOff), of: "d01")
        async let first: Void = rig.manager.destroy(id)
        await rig.provider.arrival(at: .power(.gracefulOff), of: "d01")
        async let second: Void = rig.manager.destroy(id)
        try await rig.time.sleepers(2)
        rig.provider.open(.power(.gracefulOff), of: "d01")
        try await first
        try await second
        await rig.manager.waitUntilIdle()
        #expect(rig.provider.steps(on: "d01").filter { $0 == .power(.gracefulOff) }.count == 1)
    }

    @Test("a destroy returns when the BMC has taken the shutdown, which goes on")
    func slow() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g", ["Grace": "5m"]))
        let destroyed = try await beginStubbornDestroy(of: id, in: rig)
        try await destroyed.value
        try await rig.time.pass(.seconds(290))
        #expect(await rig.ids() == [id])
        try await rig.pass(until: nil, of: id, within: .seconds(20))
        #expect(await rig.ids().isEmpty)
    }

    @Test("a destroy during a start ends the start and powers off")
    func duringStart() async throws {
        let rig = try await Rig(1)
        rig.provider.hold(.power(.on), of: "d01")
        let call = Task { try await rig.manager.provision(.group("g")) }
        await rig.provider.arrival(at: .power(.on), of: "d01")
        try await rig.manager.destroy("zzzzzzzy-d01")
        #expect(await rig.ids() == ["zzzzzzzy-d01"])
        await #expect {
            _ = try await call.value
        } throws: { error in
            "\(error)".contains("zzzzzzzy-d01 was destroyed while it started")
        }
        // On may act as late as the BMC likes.
        try await rig.pass(until: nil, of: "zzzzzzzy-d01")
        #expect(await rig.ids().isEmpty)
        #expect(rig.provider.power(of: "d01") == .off)
    }

    @Test("a destroy before the first look at a device does not touch the device")
    func untouched() async throws {
        let rig = try await Rig(1)
        rig.provider.setPower(.on, of: "d01")
        rig.provider.hold(.observe, of: "d01")
        async let id = rig.manager.provision(.group("g"))
        await rig.provider.arrival(at: .observe, of: "d01")
        try await rig.manager.destroy("zzzzzzzy-d01")
        _ = try? await id
        #expect(rig.provider.power(of: "d01") == .on)
        #expect(rig.provider.steps(on: "d01") == [.observe])
    }

    @Test("an unknown instance is an error")
    func unknown() async throws {
        let rig = try await Rig(1)
        await #expect(throws: InstanceError.unknown("zzz-d01")) {
            try await rig.manager.destroy("zzz-d01")
        }
    }

    @Test("an adopted instance without a device is described and destroyed")
    func adopted() async throws {
        let claim = Claim(
            id: "InfraKit-7", spec: .group("g"), state: .running, claimedAt: nil, order: 0)
        let store = MemoryStore([
            DeviceRecord(key: .orphan(instance: "InfraKit-7"), revision: 1, claim: claim)
        ])
        let rig = try await Rig(1, store: store)
        #expect(await rig.ids(["infrakit.group": "g"]) == ["InfraKit-7"])
        try await rig.manager.destroy("InfraKit-7")
        #expect(await rig.ids().isEmpty)
        #expect(store.records.isEmpty)
    }

    @Test("a release cut short is finished by the next daemon")
    func resumed() async throws {
        let rig = try await Rig(1)
        let id = try await rig.manager.provision(.group("g"))
        try await rig.pool.update(id) { $0.claim.state = .stopping }
        let next = try await rig.restarted()
        await next.manager.resumeUnfinished()
        await next.manager.shutdown(within: .seconds(1))
        #expect(await next.ids().isEmpty)
        #expect(next.provider.power(of: "d01") == .off)
        #expect(next.store.records[.device("d01")]?.claim == nil)
    }
}
