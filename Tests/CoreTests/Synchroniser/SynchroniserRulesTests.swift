import Testing

@testable import Core
@testable import TestSupport

@Suite(.timeLimit(.minutes(5))) struct SynchroniserRulesTests {
    private static let critical = SynchroniserAction.fail(instance: "i1", reasons: ["PSU 2"])
    private static let silent = SynchroniserAction.fail(
        instance: "i1", reasons: ["3 looks in a row failed: no answer"])

    @Test(
        "an active device fails after exactly so many looks",
        arguments: [
            ("cc", critical), ("uuu", silent), ("gcgcc", critical), ("cpc", critical),
            ("uuguuu", silent),
            // A busy BMC's look says nothing: it neither counts nor ends a count.
            ("cbc", critical), ("ubbuu", silent), ("cbbbbc", critical),
            // Silence does not say that a critical device is well, but a BMC that answers is there.
            ("cuc", critical), ("uucc", critical), ("uucuuu", silent),
            // Nor does a look that has not seen everything.
            ("cpc", critical), ("cppppc", critical),
        ])
    func fails(_ letters: String, _ expected: SynchroniserAction) {
        var bench = RulesBench(1, claimed: 1)
        let actions = bench.rounds(letters)
        #expect(actions.dropLast().joined().isEmpty)
        #expect(actions.last == [expected])
    }

    @Test(
        "these looks move nothing",
        arguments: [
            "ggg", "wwww", "cgcgcgcgcg", "ugugugugug", "uuguuguug", "cwcwcw", "bbbbbbbb", "uubbbb",
            "cpppp", "cpgpc",
            "cbbbbb", "uucuug",
        ])
    func movesNothing(_ letters: String) {
        var bench = RulesBench(1, claimed: 1)
        #expect(bench.rounds(letters).joined().isEmpty)
    }

    @Test(
        "a failed device recovers after two good looks in a row",
        arguments: [
            ("gg", true), ("ww", true), ("gug", false), ("gcg", false), ("gbg", true), ("g", false),
            // A look that has not seen everything proves nothing.
            ("pppp", false), ("pg", false), ("ppgg", true), ("gpg", true), ("gpc", false),
        ])
    func recovers(_ letters: String, _ isRecovered: Bool) {
        var bench = RulesBench(1, claimed: 1)
        bench.fail("d1")
        let actions = bench.rounds(letters)
        #expect(actions.dropLast().joined().isEmpty)
        #expect(actions.last == (isRecovered ? [.recover(instance: "i1")] : []))
    }

    @Test("the thresholds are settings")
    func settings() {
        var bench = RulesBench(1, claimed: 1) {
            $0.failAfter = 1
            $0.unreachableAfter = 1
            $0.recoverAfter = 1
        }
        #expect(bench.rounds("cgu").map(\.count) == [1, 1, 1])
    }

    // MARK: Power

    @Test("found off: three restarts with growing pauses, then it has failed")
    func drift() {
        var bench = RulesBench(1, claimed: 1)
        var events: [String] = []
        while bench.claims["d1"]?.state == .running, bench.now < .seconds(3600) {
            for action in bench.round(["d1": .letter("o")]) {
                switch action {
                case .restart(_, let attempt): events.append("\(attempt) at \(bench.now)")
                case .fail(_, let reasons): events.append("\(reasons) at \(bench.now)")
                default: events.append("\(action)")
                }
            }
        }
        #expect(
            events == [
                "1 at 30.0 seconds", "2 at 90.0 seconds", "3 at 390.0 seconds",
                #"["found off, and powered on in vain 3 times"] at 690.0 seconds"#,
            ])
    }

    @Test("restarts are counted anew when the device was on for two looks")
    func driftIsReset() {
        var bench = RulesBench(1, claimed: 1)
        #expect(bench.rounds("o") == [[.restart(instance: "i1", attempt: 1)]])
        #expect(bench.rounds("goo") == [[], [.restart(instance: "i1", attempt: 2)], []])
        #expect(bench.rounds("ggo").last == [.restart(instance: "i1", attempt: 1)])
    }

    @Test("restarts are counted anew for the device's next instance")
    func driftEndsWithClaim() {
        var bench = RulesBench(1, claimed: 1)
        let claim = bench.claims["d1"]
        for _ in 0..<30 { bench.round(["d1": .letter("o")]) }
        #expect(bench.claims["d1"]?.state.isDescribed == false)
        bench.free("d1")
        bench.round(["d1": .letter("o")])
        bench.claim("d1", claim)
        #expect(bench.rounds("o") == [[.restart(instance: "i1", attempt: 1)]])
    }

    @Test("a device that is critical and off fails, and is not powered on")
    func criticalAndOff() {
        var bench = RulesBench(1, claimed: 1)
        #expect(bench.rounds("CC") == [[], [Self.critical]])
    }

    @Test("a failed device that is well and off is powered on before it recovers")
    func recoversFromOff() {
        var bench = RulesBench(1, claimed: 1)
        bench.fail("d1")
        let actions = bench.rounds("oog")
        #expect(
            actions == [[], [.restart(instance: "i1", attempt: 1)], [.recover(instance: "i1")]])
    }

    @Test("a free device found running is reported once, until it was off")
    func foreign() {
        var bench = RulesBench(1)
        let report = [SynchroniserAction.reportForeign(device: "d1")]
        #expect(bench.rounds("oggugog") == [[], report, [], [], [], [], report])
    }

    @Test("free devices that fail are not moved")
    func freeFails() {
        var bench = RulesBench(2)
        #expect(bench.rounds("CCCCuuuuuu").joined().isEmpty)
    }

    // MARK: What is left alone

    @Test(
        "claims that are being started or released are left alone, failed or not",
        arguments: [
            ClaimState.starting(.claimed), .starting(.clearing), .starting(.starting), .restarting,
            .fencing(RulesBench.failure), .refencing(RulesBench.failure),
            .reviving(RulesBench.failure), .discarding(RulesBench.failure),
        ], ["cccc", "uuuuu", "oooo", "gggg"])
    func unfinished(_ state: ClaimState, _ letters: String) {
        var bench = RulesBench(1, claimed: 1)
        bench.change("d1") { $0.state = state }
        #expect(bench.rounds(letters).joined().isEmpty)
    }

    @Test("looks at an instance that is being restarted count, and it is judged afterwards")
    func busy() {
        var bench = RulesBench(1, claimed: 1)
        bench.change("d1") { $0.state = .restarting }
        #expect(bench.rounds("oocc").joined().isEmpty)
        bench.change("d1") { $0.state = .running }
        #expect(bench.rounds("c") == [[Self.critical]])
    }

    // MARK: Fencing and duplicates

    @Test(
        "a device with a logical ID is fenced, each round until it is off",
        arguments: [
            (SynchroniserSettings.Fence.required, "cc", true), (.required, "uuu", true),
            (.bestEffort, "cc", true), (.bestEffort, "uuu", false),
        ])
    func fence(_ fence: SynchroniserSettings.Fence, _ letters: String, _ isFenced: Bool) {
        var bench = RulesBench(1, claimed: 1, logicalID: "l") { $0.fence = fence }
        let actions = bench.rounds(letters)
        #expect(actions.dropLast().joined().isEmpty)
        switch actions.last?.first {
        case .fence(let id, _): #expect(isFenced && id == "i1")
        case .fail(let id, _): #expect(!isFenced && id == "i1")
        default: Issue.record("\(actions)")
        }
        guard isFenced else { return }
        #expect(bench.rounds(String(letters.suffix(1))).first?.count == 1)
    }

    @Test("one that runs critically although it was fenced is fenced again")
    func fencedAgain() {
        var bench = RulesBench(1, claimed: 1, logicalID: "l")
        bench.fail("d1")
        #expect(
            bench.rounds("CCcC") == [[], [], [.fence(instance: "i1", reasons: ["PSU 2"])], []])
    }

    @Test("one that recovers after its logical ID was given elsewhere is released")
    func duplicate() {
        for letters in ["gg", "oo"] {
            var bench = RulesBench(1, claimed: 1, logicalID: "l")
            bench.fail("d1")
            bench.holders = ["l": "i9"]
            let release = SynchroniserAction.release(
                instance: "i1", reason: "its logical ID lives in i9")
            // One that runs, runs twice.
            #expect(
                bench.rounds(letters) == (letters == "gg" ? [[release], []] : [[], [release]]))
        }
    }
}
