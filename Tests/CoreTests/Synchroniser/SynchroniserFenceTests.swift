import Core
import Testing

@testable import TestSupport

@Suite(.timeLimit(.minutes(5))) struct SynchroniserFenceTests {
    @Test("a critical device with a logical ID is described until it is confirmed off")
    func fenced() async throws {
        let rig = try await Rig(2)
        let ids = try await rig.claim(1, logicalID: "l")
        let synchroniser = rig.synchroniser()
        rig.provider.setHealth(.critical, of: "d01")
        await rig.rounds(1, of: synchroniser)
        rig.provider.hold(.power(.forceOff), of: "d01")
        await synchroniser.round()
        await rig.provider.arrival(at: .power(.forceOff), of: "d01")
        #expect(await rig.ids() == ids)
        rig.provider.open(.power(.forceOff), of: "d01")
        await rig.manager.waitUntilIdle()
        #expect(rig.provider.power(of: "d01") == .off)
        #expect(await rig.ids().isEmpty)
        #expect(await rig.pool.history(of: "d01").last?.cause.contains("to fence it") == true)
    }

    @Test(
        "unreachable with a logical ID: described until off if that is required, else it leaves",
        arguments: SynchroniserSettings.Fence.allCases)
    func unreachable(_ fence: SynchroniserSettings.Fence) async throws {
        let rig = try await Rig(1)
        let ids = try await rig.claim(1, logicalID: "l")
        let synchroniser = rig.synchroniser { $0.fence = fence }
        rig.provider.failEverything(of: "d01", with: .silence)
        await rig.rounds(2, of: synchroniser)
        #expect(await rig.ids() == ids)
        for _ in 0..<4 {
            await synchroniser.round()
            rig.time.advance(by: .seconds(30))
        }
        #expect(await rig.ids() == (fence == .required ? ids : []))
        #expect(rig.provider.power(of: "d01") == .on)
    }

    @Test("a BMC that comes back well just before the power is cut saves its server")
    func lastLook() async throws {
        let rig = try await Rig(1)
        let ids = try await rig.claim(1, logicalID: "l")
        let synchroniser = rig.synchroniser()
        rig.provider.failEverything(of: "d01", with: .silence)
        await rig.rounds(2, of: synchroniser)
        rig.provider.hold(.observe, of: "d01")
        let third = Task { await synchroniser.round() }
        await rig.provider.arrival(at: .observe, of: "d01")
        rig.provider.open(.observe, of: "d01")
        rig.provider.hold(.observe, of: "d01")
        _ = await third.value
        rig.provider.failEverything(of: "d01", with: nil)
        rig.provider.open(.observe, of: "d01")
        await rig.manager.waitUntilIdle()
        #expect(rig.provider.power(of: "d01") == .on)
        #expect(await rig.ids() == ids)
    }

    @Test("one whose logical ID was given elsewhere meanwhile is released and off")
    func duplicate() async throws {
        let rig = try await Rig(2)
        let first = try await rig.claim(1, logicalID: "l")
        let synchroniser = rig.synchroniser()
        rig.provider.setHealth(.critical, of: "d01")
        await rig.rounds(2, of: synchroniser)
        let second = try await rig.claim(1, logicalID: "l")
        #expect(second.first?.hasSuffix("-d02") == true)
        rig.provider.setHealth(.ok, of: "d01")
        await rig.rounds(2, of: synchroniser)
        #expect(await rig.pool.instance(first[0]) == nil)
        #expect(await rig.array(of: "d01") == .available)
        #expect(rig.provider.power(of: "d01") == .off)
        #expect(await rig.ids() == second)
    }

    @Test("of two failed ones with one logical ID that recover in one round, one returns")
    func twins() async throws {
        let rig = try await Rig(2)
        let synchroniser = rig.synchroniser { $0.fence = .bestEffort }
        for name in ["d01", "d02"] {
            _ = try await rig.claim(1, logicalID: "l")
            rig.provider.failEverything(of: name, with: .silence)
            await rig.rounds(3, of: synchroniser)
        }
        #expect(await rig.ids().isEmpty)
        for name in ["d01", "d02"] { rig.provider.failEverything(of: name, with: nil) }
        // Both run: the first has to be off before the second may come back.
        await rig.rounds(3, of: synchroniser)
        #expect(await rig.ids().map { $0.suffix(4) } == ["-d02"])
        #expect(rig.provider.poweredOn == ["d02"])
    }
}
