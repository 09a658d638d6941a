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
