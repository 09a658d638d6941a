import Core
import Testing

@testable import Core
@testable import TestSupport

/// What counts, how often, and against whom.
@Suite("The synchroniser's judgement", .timeLimit(.minutes(5))) struct JudgementTests {
    private static let fail = SynchroniserAction.fail(instance: "i1", reasons: ["PSU 2"])

    // MARK: Refusal

    @Test(
        "looks that are refused move nothing, count nothing, and end no count",
        arguments: [
            ("rrrrrrrrrr", 0), ("crrrc", 1), ("uurrru", 1), ("urrrrrru", 0), ("crrrrg", 0),
        ])
    func refused(_ letters: String, _ count: Int) {
        var bench = RulesBench(1, claimed: 1)
        #expect(bench.rounds(letters).joined().count == count)
        #expect(bench.rules.freeze == .none)
    }

    @Test("refused looks don't recover a failed device, nor stop its recovery")
    func refusedRecovery() {
        var bench = RulesBench(1, claimed: 1)
        bench.fail("d1")
        #expect(bench.rounds("grrr").joined().isEmpty)
        #expect(bench.rounds("g") == [[.recover(instance: "i1")]])
    }

    @Test("a typo in a password file moves nothing, is no network fault, and keeps from claims")
    func passwords() async throws {
        let rig = try await Rig(30)
        let ids = try await rig.claim(12)
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        for device in Rig.devices(30).map(\.name) where device != "d01" {
            rig.provider.failEverything(of: device, with: .noEntry)
        }
        await synchroniser.noteReload()
        for round in await rig.rounds(6, of: synchroniser) {
            #expect(round.refused == 29)
            #expect(round.actions.isEmpty)
        }
        #expect(await synchroniser.freeze == .none)
        #expect(await rig.ids() == ids)
        #expect(await rig.pool.status(of: "d20")?.observation?.health == .refused)
        await #expect(
            throws: PlacementError.noDevice(
                total: 30,
                reasons: ["12 claimed", "18 whose BMC refuses us (credentials or certificate)"])
        ) { try await rig.claim(1) }
        for device in Rig.devices(30) {
            rig.provider.failEverything(of: device.name, with: nil)
        }
        await rig.rounds(1, of: synchroniser)
        #expect(try await rig.claim(1).count == 1)
    }

    @Test("LAST SEEN is the last answer, not the last attempt")
    func lastSeen() async throws {
        let rig = try await Rig(1)
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        let seen = await rig.pool.status(of: "d01")?.lastAnswer
        #expect(seen != nil)
        for error in [
            ProviderError.silence, .noEntry, ProviderError(.busy, "503"),
            ProviderError(.shortage, "no route"),
        ] {
            rig.provider.failEverything(of: "d01", with: error)
            await rig.rounds(2, of: synchroniser)
            #expect(await rig.pool.status(of: "d01")?.lastAnswer == seen)
        }
        rig.provider.failEverything(of: "d01", with: nil)
        await rig.rounds(1, of: synchroniser)
        #expect(await rig.pool.status(of: "d01")?.lastAnswer != seen)
    }

    // MARK: Counting

    @Test("looks that are asked for in a row count once an interval")
    func thrice() async throws {
        let rig = try await Rig(5)
        let ids = try await rig.claim(5)
        let synchroniser = rig.synchroniser()
        rig.provider.failEverything(of: "d01", with: .silence)
        rig.provider.setHealth(.critical, of: "d02")
        for _ in 0..<10 {
            await synchroniser.round()
            rig.time.advance(by: .milliseconds(100))
        }
        #expect(await rig.ids() == ids)
        rig.time.advance(by: .seconds(30))
        await synchroniser.round()
        #expect(await rig.ids() == ids.filter { !$0.hasSuffix("-d02") })
    }

    @Test("failed looks of one claim don't count for the next, nor those of another machine")
    func newClaim() {
        for letters in ["uu", "c"] {
            var bench = RulesBench(1, claimed: 1)
            let claim = bench.claims["d1"]
            #expect(bench.rounds(letters).joined().isEmpty)
            bench.free("d1")
            bench.claim(
                "d1",
                claim.map {
                    Claim(
                        id: "i2", spec: $0.spec, state: .running, claimedAt: nil, order: 2)
                })
            #expect(bench.rounds(String(letters.last ?? "u")).joined().isEmpty)
            bench = RulesBench(1, claimed: 1)
            #expect(bench.rounds(letters).joined().isEmpty)
            bench.generations["d1"] = 1
            #expect(bench.rounds(String(letters.last ?? "u")).joined().isEmpty)
        }
    }

    @Test(
        "an instance in whose place another machine stands is moved after two looks, whatever it shows"
    )
    func misplaced() {
        for letter in "gowc" {
            var bench = RulesBench(1, claimed: 1)
            bench.mismatches["d1"] = "another machine stands here"
            #expect(bench.rounds(String(letter)) == [[]])
            #expect(
                bench.rounds(String(letter)) == [
                    [.misplace(instance: "i1", reason: "another machine stands here")]
                ])
        }
        var bench = RulesBench(1, claimed: 1)
        bench.fail("d1")
        bench.mismatches["d1"] = "another machine stands here"
        #expect(bench.rounds("ggggoooo").joined().isEmpty)
        bench.mismatches = [:]
        #expect(bench.rounds("gg") == [[], [.recover(instance: "i1")]])
    }

    // MARK: Recovery

    @Test("cattle of an old configuration is released, of the newest it recovers")
    func outdated() {
        var bench = RulesBench(1, claimed: 1)
        bench.fail("d1")
        bench.outdated = ["i1"]
        #expect(
            bench.rounds("gg") == [
                [],
                [
                    .release(
                        instance: "i1", reason: "its configuration is not its group's newest")
                ],
            ])
    }

    @Test("what was replaced stays out while it is cordoned, and a pet of it is kept off")
    func replaced() {
        let replaced = ClaimState.failed(
            ClaimState.Failure(
                since: RulesBench.failure.since, reasons: ["replaced"], cause: .replaced))
        var bench = RulesBench(1, claimed: 1, logicalID: "l")
        bench.change("d1") { $0.state = replaced }
        bench.cordoned = ["d1"]
        #expect(bench.rounds("oooo").joined().isEmpty)
        #expect(bench.rounds("g") == [[.fence(instance: "i1", reasons: ["replaced"])]])
        bench.cordoned = []
        #expect(bench.rounds("o") == [[.restart(instance: "i1", attempt: 1)]])
    }

    // MARK: Going

    @Test(
        "an instance that is to go, and whose BMC is dead, is hidden like an active one; a pet as the fence says",
        arguments: [
            (nil, SynchroniserSettings.Fence.required, true), ("l", .required, false),
            ("l", .bestEffort, true),
        ] as [(String?, SynchroniserSettings.Fence, Bool)])
    func hidden(_ logicalID: String?, _ fence: SynchroniserSettings.Fence, _ isHidden: Bool) {
        let hide = SynchroniserAction.hide(
            instance: "i1", reasons: ["3 looks in a row failed: no answer"])
        for state in [ClaimState.stopping, .undoing(RulesBench.failure)] {
            var bench = RulesBench(1, claimed: 1, logicalID: logicalID) { $0.fence = fence }
            bench.change("d1") { $0.state = state }
            #expect(bench.rounds("ccccoooo").joined().isEmpty)
            #expect(bench.rounds("uuu") == [[], [], isHidden ? [hide] : []])
        }
    }

    @Test("a fence whose BMC dies ends for best effort, and goes on where it is required")
    func deadFence() {
        for fence in SynchroniserSettings.Fence.allCases {
            for state in [
                ClaimState.fencing(RulesBench.failure), .refencing(RulesBench.failure),
            ] {
                var bench = RulesBench(1, claimed: 1, logicalID: "l") { $0.fence = fence }
                bench.change("d1") { $0.state = state }
                #expect(bench.rounds("uuu").joined().count == (fence == .bestEffort ? 1 : 0))
            }
        }
    }

    @Test(
        "a dead BMC does not fill its group: cattle leaves the describe and is freed when it answers"
    )
    func deadBMC() async throws {
        let rig = try await Rig(4)
        let ids = try await rig.claim(3)
        let synchroniser = rig.synchroniser()
        await rig.rounds(1, of: synchroniser)
        rig.provider.failEverything(of: "d01", with: .silence)
        let call = Task { try await rig.manager.destroy(ids[0]) }
        try await rig.time.pass(.seconds(2), sleepers: 2)
        await #expect(throws: DestroyError.self) { try await call.value }
        for round in 1...3 {
            #expect(await rig.ids().contains(ids[0]), "round \(round)")
            rig.time.advance(by: .seconds(30))
            await synchroniser.round()
        }
        #expect(await rig.ids() == [ids[1], ids[2]])
        #expect(await rig.array(of: "d01") == .nonFunctional)
        rig.provider.failEverything(of: "d01", with: nil)
        try await rig.pass(until: nil, of: ids[0])
        #expect(rig.provider.power(of: "d01") == .off)
    }
}
