import Core
import Testing

@testable import TestSupport

/// Looks that a BMC's report brings about, between the rounds.
@Suite(.timeLimit(.minutes(5))) struct EarlyLookTests {
    /// Moves the clock until a device was looked at so often.
    private func advance(_ rig: Rig, until looks: Int, at device: String) async throws {
        while rig.looks(at: device) < looks {
            try await rig.time.step(by: .seconds(1))
        }
    }

    private func bmc(_ device: String) -> String {
        Rig.devices(10).first { $0.name == device }?.bmc ?? ""
    }

    @Test("a device that is reported and found critical moves after the looks that the rules want")
    func moves() async throws {
        let rig = try await Rig(4)
        let ids = try await rig.claim(4)
        let synchroniser = rig.synchroniser { $0.failAfter = 3 }
        await synchroniser.round()
        rig.time.advance(by: .seconds(10))
        let before = rig.looks(at: "d02")
        let others = rig.looks(at: "d03")
        rig.provider.setHealth(.critical, of: "d02")
        await synchroniser.lookSoon(at: bmc("d02"))
        try await advance(rig, until: before + 2, at: "d02")
        #expect(await rig.ids() == ids)
        try await advance(rig, until: before + 3, at: "d02")
        while await rig.array(of: "d02") != .nonFunctional {
            try Task.checkCancellation()
            await Task.yield()
        }
        #expect(rig.looks(at: "d02") == before + 3)
        #expect(rig.looks(at: "d03") == others)
        #expect(await rig.ids() == ids.filter { !$0.hasSuffix("-d02") })
    }

    @Test("what is reported right after a round is made sure of like at any other time")
    func rightAfterRound() async throws {
        let rig = try await Rig(4)
        _ = try await rig.claim(4)
        let synchroniser = rig.synchroniser()
        await synchroniser.round()
        let before = rig.looks(at: "d02")
        rig.provider.setHealth(.critical, of: "d02")
        await synchroniser.lookSoon(at: bmc("d02"))
        // The first look comes too soon after the round's to count.
        try await advance(rig, until: before + 3, at: "d02")
        try await rig.pass(within: .seconds(10)) { await rig.array(of: "d02") == .nonFunctional }
    }

    @Test("a report about a device that is well costs one look and moves nothing")
    func well() async throws {
        let rig = try await Rig(4)
        let ids = try await rig.claim(4)
        let synchroniser = rig.synchroniser()
        await synchroniser.round()
        let before = rig.looks(at: "d02")
        await synchroniser.lookSoon(at: bmc("d02"))
        try await advance(rig, until: before + 1, at: "d02")
        // The round takes the early look for its own if that is still under way.
        await synchroniser.round()
        let after = rig.looks(at: "d02")
        #expect(after <= before + 2)
        for _ in 0..<30 {
            rig.time.advance(by: .seconds(1))
            for _ in 0..<10 { await Task.yield() }
        }
        #expect(rig.looks(at: "d02") == after)
        #expect(await rig.ids() == ids)
    }

    @Test("a storm of reports costs one look every five seconds")
    func storm() async throws {
        let rig = try await Rig(2)
        let synchroniser = rig.synchroniser()
        await synchroniser.round()
        let before = rig.looks(at: "d01")
        for _ in 0..<20 {
            for _ in 0..<100 { await synchroniser.lookSoon(at: bmc("d01")) }
            // Nobody sleeps while what was asked for is being done.
            rig.time.advance(by: .seconds(1))
            for _ in 0..<10 { await Task.yield() }
        }
        // Twenty seconds have passed.
        #expect(rig.looks(at: "d01") - before <= 4)
        try await advance(rig, until: before + 1, at: "d01")
    }

    @Test("an early look that reaches nobody does not count: silence is for the rounds")
    func silence() async throws {
        let rig = try await Rig(4)
        let ids = try await rig.claim(4)
        let synchroniser = rig.synchroniser { $0.unreachableAfter = 2 }
        await synchroniser.round()
        rig.provider.failEverything(of: "d02", with: .silence)
        for _ in 0..<5 {
            let before = rig.looks(at: "d02")
            await synchroniser.lookSoon(at: bmc("d02"))
            try await advance(rig, until: before + 1, at: "d02")
        }
        rig.time.advance(by: .seconds(30))
        await synchroniser.round()
        #expect(await rig.ids() == ids)
        rig.time.advance(by: .seconds(30))
        await synchroniser.round()
        #expect(await rig.ids() == ids.filter { !$0.hasSuffix("-d02") })
    }

    @Test("a round that meets an early look under way counts it as its own")
    func adopted() async throws {
        let rig = try await Rig(3)
        let ids = try await rig.claim(3)
        let synchroniser = rig.synchroniser { $0.unreachableAfter = 1 }
        await synchroniser.round()
        rig.time.advance(by: .seconds(30))
        rig.provider.failEverything(of: "d02", with: .silence)
        rig.provider.hold(.observe, of: "d02")
        await synchroniser.lookSoon(at: bmc("d02"))
        try await rig.time.pass()
        await rig.provider.arrival(at: .observe, of: "d02")
        let others = rig.looks(at: "d03")
        let round = Task { await synchroniser.round() }
        while rig.looks(at: "d03") == others {
            try Task.checkCancellation()
            await Task.yield()
        }
        rig.provider.open(.observe, of: "d02")
        _ = await round.value
        while await rig.array(of: "d02") != .nonFunctional {
            try Task.checkCancellation()
            await Task.yield()
        }
        #expect(await rig.ids() == ids.filter { !$0.hasSuffix("-d02") })
    }

    @Test("it does not wait for a round that another BMC holds up, and none is asked twice at once")
    func besideRound() async throws {
        let rig = try await Rig(3)
        _ = try await rig.claim(3)
        let (manager, provider) = rig.counted()
        let synchroniser = rig.synchroniser(of: manager) { $0.interval = .seconds(86_400) }
        rig.provider.hold(.observe, of: "d01")
        let round = Task { await synchroniser.round() }
        await rig.provider.arrival(at: .observe, of: "d01")
        rig.provider.setHealth(.critical, of: "d02")
        let before = rig.looks(at: "d02")
        await synchroniser.lookSoon(at: bmc("d02"))
        await synchroniser.lookSoon(at: bmc("d01"))
        while await rig.array(of: "d02") != .nonFunctional {
            try await rig.time.step(by: .seconds(1))
        }
        #expect(rig.looks(at: "d02") >= before + 1)
        #expect(provider.highestPerBMC == 1)
        rig.provider.open(.observe, of: "d01")
        _ = await round.value
    }

    @Test("a report about a BMC that is not listed is ignored")
    func unknown() async throws {
        let rig = try await Rig(2)
        let synchroniser = rig.synchroniser()
        await synchroniser.lookSoon(at: "fake://elsewhere")
        try await rig.time.pass()
        #expect(await synchroniser.round().seen == 2)
    }

    @Test("when the synchroniser is stopped, no early look is left behind")
    func stop() async throws {
        let rig = try await Rig(2)
        let synchroniser = rig.synchroniser()
        let running = Task { await synchroniser.run() }
        try await rig.time.sleepers(1)
        await synchroniser.lookSoon(at: bmc("d01"))
        running.cancel()
        await running.value
        let before = rig.looks(at: "d01")
        rig.time.advance(by: .seconds(10))
        for _ in 0..<100 { await Task.yield() }
        #expect(rig.looks(at: "d01") == before)
    }
}
