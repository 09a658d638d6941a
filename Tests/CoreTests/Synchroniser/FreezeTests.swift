import Testing

@testable import Core

@Suite(.timeLimit(.minutes(5))) struct FreezeTests {
    private typealias Freeze = SynchroniserRules.Freeze

    @Test(
        "so many of so many failing in one round freeze, or don't",
        arguments: [
            (39, 100, false), (40, 100, true), (100, 100, true), (2, 2, false), (2, 3, false),
            (3, 3, true), (3, 7, true), (3, 8, false), (0, 100, false),
        ])
    func share(_ failing: Int, _ count: Int, _ isFrozen: Bool) {
        var bench = RulesBench(count, claimed: count)
        bench.round(failing: failing)
        #expect(bench.rules.freeze == (isFrozen ? .frozen(failing: failing, of: count) : .none))
    }

    @Test("while frozen nothing leaves active, however long; a good round ends it")
    func holds() {
        var bench = RulesBench(100, claimed: 60)
        for _ in 0..<20 {
            #expect(bench.round(failing: 40).isEmpty)
            #expect(bench.rules.freeze == .frozen(failing: 40, of: 100))
        }
        #expect(bench.round(failing: 0).isEmpty)
        #expect(bench.rules.freeze == Freeze.none)
    }

    @Test("free devices that stay silent do not pass for a good round")
    func freeDevices() {
        var bench = RulesBench(100, claimed: 10)
        bench.round(failing: 0)
        for _ in 0..<20 {
            bench.round(failing: 40)
            #expect(bench.rules.freeze == .frozen(failing: 40, of: 100))
        }
    }

    @Test("devices whose looks have not ended do not make a round a good one")
    func hanging() {
        var bench = RulesBench(10, claimed: 10)
        bench.round(failing: 5)
        let well = (6...10).map { ("d\($0)", Look.letter("g")) }
        bench.round(Dictionary(uniqueKeysWithValues: well))
        #expect(bench.rules.freeze == .frozen(failing: 5, of: 10))
    }

    @Test("devices that failed earlier don't count: neither non-functional nor free ones")
    func known() {
        var bench = RulesBench(10, claimed: 7)
        for number in 1...3 { bench.fail("d\(number)") }
        bench.round(failing: 3)
        #expect(bench.rules.freeze == Freeze.none)
        // Two of seven are no freeze; when they have failed, two more of the five others are none.
        bench = RulesBench(10, claimed: 0)
        for _ in 0..<3 { bench.round(failing: 3) }
        for _ in 0..<3 {
            bench.round(failing: 5)
            #expect(bench.rules.freeze == Freeze.none)
        }
    }

    @Test("after a freeze the counts start over")
    func startsOver() {
        var bench = RulesBench(10, claimed: 10)
        for _ in 0..<5 { bench.round(failing: 4) }
        // Nine are back; the tenth has its three looks from here on.
        #expect(bench.round(failing: 1).isEmpty)
        #expect(bench.rules.freeze == Freeze.none)
        #expect(bench.round(failing: 1).isEmpty)
        #expect(bench.round(failing: 1).count == 1)
    }

    @Test("an operator's word lets the moves go on, until a good round arms the freeze again")
    func overruled() {
        var bench = RulesBench(10, claimed: 10)
        for _ in 0..<3 { #expect(bench.round(failing: 4).isEmpty) }
        bench.rules.unfreeze()
        #expect(bench.rules.freeze == .overruled)
        #expect(bench.round(failing: 4).count == 4)
        #expect(bench.rules.freeze == .overruled)
        #expect(bench.round(failing: 4).isEmpty)
        #expect(bench.rules.freeze == Freeze.none)
        #expect(bench.round(failing: 8).isEmpty)
        #expect(bench.rules.freeze == .frozen(failing: 4, of: 6))
    }

    @Test("an operator's word without a freeze changes nothing")
    func nothingToOverrule() {
        var bench = RulesBench(10, claimed: 10)
        bench.rules.unfreeze()
        bench.round(failing: 4)
        #expect(bench.rules.freeze == .frozen(failing: 4, of: 10))
    }

    @Test("a device recovers during a freeze, and one found off is powered on")
    func goodMoves() {
        var bench = RulesBench(10, claimed: 10)
        bench.fail("d9")
        var looks: [String: Look] = [:]
        for number in 1...10 { looks["d\(number)"] = .letter(number <= 5 ? "u" : "g") }
        looks["d10"] = .letter("o")
        #expect(bench.round(looks) == [.restart(instance: "i10", attempt: 1)])
        #expect(bench.round(looks) == [.recover(instance: "i9")])
        #expect(bench.rules.freeze != Freeze.none)
    }
}

/// Who counts for a freeze, and who does not.
@Suite(.timeLimit(.minutes(5))) struct FreezeCountTests {
    private typealias Freeze = SynchroniserRules.Freeze

    @Test("a tray counts once, however many of its nodes fail")
    func tray() {
        var bench = RulesBench(10, claimed: 10)
        for number in 1...4 { bench.bmcs["d\(number)"] = "fake://tray" }
        for _ in 0..<5 {
            bench.round(failing: 4)
            #expect(bench.rules.freeze == Freeze.none)
        }
    }

    @Test(
        "free devices that are cordoned, and BMCs that never answered since the start, don't count")
    func scrapped() {
        var bench = RulesBench(8, claimed: 0)
        for number in 1...4 { bench.cordoned.insert("d\(number)") }
        bench.round(failing: 0)
        for _ in 0..<5 {
            bench.round(failing: 4)
            #expect(bench.rules.freeze == Freeze.none)
        }
        bench = RulesBench(8, claimed: 0)
        for _ in 0..<5 {
            bench.round(failing: 4)
            #expect(bench.rules.freeze == Freeze.none)
        }
    }

    @Test("a network fault that is there at the start freezes, for instances live behind it")
    func atStart() {
        var bench = RulesBench(10, claimed: 10)
        for _ in 0..<5 { #expect(bench.round(failing: 6).isEmpty) }
        #expect(bench.rules.freeze == .frozen(failing: 6, of: 10))
    }

    @Test("a fault that spreads by one BMC a round freezes before the third has moved")
    func spreading() {
        var bench = RulesBench(7, claimed: 7)
        bench.round(failing: 0)
        var moved = 0
        for round in 1...10 { moved += bench.round(failing: min(round, 7)).count }
        #expect(moved < 3)
        #expect(bench.rules.freeze != Freeze.none)
    }

    @Test("one that failed long ago does not count with those that fail now")
    func oldFailures() {
        var bench = RulesBench(10, claimed: 10) { $0.fence = .required }
        for number in 1...2 { bench.change("d\(number)") { $0.state = .stopping } }
        for _ in 0..<20 { bench.round(failing: 2) }
        for _ in 0..<3 { bench.round(failing: 4) }
        #expect(bench.rules.freeze == Freeze.none)
    }

    @Test("five of five that are found off and don't come on are a fault that they have in common")
    func allOff() {
        var bench = RulesBench(5, claimed: 5)
        var looks: [String: Look] = [:]
        for number in 1...5 { looks["d\(number)"] = .letter("o") }
        for _ in 0..<40 {
            let actions = bench.round(looks)
            #expect(
                actions.allSatisfy { if case .restart = $0 { true } else { false } }, "\(actions)")
        }
        #expect(bench.rules.freeze == .frozen(failing: 5, of: 5))
    }

    @Test("machines that stand elsewhere, many at once, are an inventory's fault, and freeze")
    func misplacedMany() {
        var bench = RulesBench(6, claimed: 6)
        for number in 1...4 { bench.mismatches["d\(number)"] = "another machine stands here" }
        for _ in 0..<4 { #expect(bench.round(failing: 0).isEmpty) }
        #expect(bench.rules.freeze == .frozen(failing: 4, of: 6))
    }

    @Test("exactly the share freezes, one less does not")
    func exactly() {
        for (failing, isFrozen) in [(3, false), (4, true)] {
            var bench = RulesBench(8, claimed: 8) { $0.maximumFailingPercent = 50 }
            bench.round(failing: failing)
            #expect((bench.rules.freeze != .none) == isFrozen)
        }
    }
}
