import Foundation
import Testing

@testable import Core
@testable import TestSupport

@Suite struct ReconcilerRulesTests {
    private typealias Bench = ReconcilerBench

    // MARK: Stopping

    @Test("Off that nobody has sent is never believed at the first look")
    func unexplainedOff() {
        var bench = Bench(.stopping)
        #expect(bench.next == .look)
        bench.see(.off)
        #expect(bench.next == .cutPower)
        bench.cut()
        let holds = bench.holdsOff(for: 90)
        #expect(holds)
    }

    @Test("a machine that was seen running and powered off is released at once")
    func plainStop() {
        var bench = Bench(.stopping)
        bench.see(.on)
        #expect(bench.next == .shutDown(grace: bench.properties.grace))
        bench.memory.noteShutdown(nil, grace: .seconds(60), at: bench.now)
        bench.see(.on)
        #expect(bench.isWaiting)
        bench.pass(60)
        bench.see(.on)
        #expect(bench.next == .cutPower)
        bench.cut()
        bench.see(.off)
        #expect(bench.next == .release(because: "powered off"))
    }

    @Test("where the guest went off by itself, its power is cut all the same, and Off is to hold")
    func guestShutDown() {
        for refusal in [nil, ProviderError(.refused, "500", mayHaveActed: true)] {
            var bench = Bench(.stopping)
            bench.see(.on)
            bench.memory.noteShutdown(refusal, grace: .seconds(60), at: bench.now)
            bench.pass(5)
            bench.see(.off)
            #expect(bench.next == .cutPower)
            bench.cut()
            let holds = bench.holdsOff(for: 10)
            #expect(holds)
        }
    }

    @Test("a guest that restarts by way of a power cycle is cut when it is on again")
    func guestRestart() {
        var bench = Bench(.stopping)
        bench.see(.on)
        bench.memory.noteShutdown(nil, grace: .seconds(60), at: bench.now)
        bench.pass(5)
        bench.see(.off)
        bench.cut()
        bench.pass(5)
        bench.see(.on)
        bench.pass(60)
        bench.see(.on)
        #expect(bench.next == .cutPower)
    }

    @Test("what was confirmed off is cut once more where its BMC has just come back")
    func mainsReturned() {
        let power = SentPower(
            pendingOns: 0, lastOn: Bench.start, answered: Bench.start, isConfirmedOff: true)
        var known = Bench(.discarding(Bench.failure), power)
        known.see(.off)
        #expect(known.next == .release(because: "powered off"))
        var back = Bench(.discarding(Bench.failure), power)
        back.answeringSince = back.now
        back.see(.off)
        #expect(back.next == .cutPower)
        back.cut()
        let holds = back.holdsOff(for: 90)
        #expect(holds)
    }

    @Test("Off after a power-off holds as long as a young On could take, from the BMC's answer")
    func youngOn() {
        var bench = Bench(.stopping, Bench.sent())
        bench.see(.off)
        bench.cut()
        bench.see(.off)
        #expect(bench.next == .write(.noteAnswer))
        bench.claim.power.answered = Bench.start
        bench.pass(389)
        bench.see(.off)
        #expect(bench.isWaiting)
        bench.pass(2)
        bench.see(.off)
        #expect(bench.next == .release(because: "powered off"))
    }

    @Test("a forced off that was taken as 'off already' does not replace the memory of On")
    func alreadyOff() {
        var bench = Bench(.stopping, Bench.sent(answered: 0))
        bench.see(.off)
        bench.cut(ProviderError(.refused, "409 it is off"))
        bench.see(.off)
        bench.pass(10)
        bench.see(.off)
        #expect(bench.isWaiting)
    }

    @Test("a BMC that has hung may act for as long after its return as a power change takes")
    func hung() {
        var bench = Bench(.stopping, Bench.sent(answered: 0))
        bench.pass(800)
        bench.comeBack()
        bench.see(.on)
        bench.cut()
        let holds = bench.holdsOff(for: 180)
        #expect(holds)
    }

    @Test("what a BMC shows that fell silent, whoever asked it, must hold before it is believed")
    func silentToOthers() {
        var bench = Bench(.stopping, SentPower())
        bench.see(.on)
        bench.cut()
        bench.pass(2)
        bench.comeBack()
        let holds = bench.holdsOff(for: 90)
        #expect(holds)
    }

    @Test("On after the Off of a BMC that has just come back does not show that an On has acted")
    func lie() {
        var bench = Bench(.stopping, Bench.sent(answered: 0))
        bench.pass(50)
        bench.answeringSince = .seconds(45)
        bench.see(.off)
        bench.cut()
        bench.pass(5)
        bench.see(.on)
        bench.cut()
        bench.pass(2)
        bench.see(.off)
        #expect(bench.isWaiting)
    }

    @Test("two Ons on their way: seeing one act does not account for the other")
    func twoOns() {
        var bench = Bench(.stopping, Bench.sent(2, answered: 0))
        bench.see(.off)
        bench.cut()
        bench.pass(5)
        bench.see(.on)
        bench.memory.noteShutdown(.refusal, grace: .zero, at: bench.now)
        bench.see(.on)
        #expect(bench.next == .cutPower)
        bench.cut()
        bench.see(.off)
        #expect(bench.isWaiting)
    }

    @Test("an old On, and Off that nobody has sent: that it is long ago does not make Off believed")
    func oldOn() {
        var bench = Bench(.stopping, Bench.sent(answered: -3600))
        bench.see(.off)
        bench.cut()
        bench.see(.off)
        #expect(bench.isWaiting)
    }

    @Test("a BMC's clock does not count, and ours set back makes nothing shorter")
    func clockSetBack() {
        var bench = Bench(.stopping, Bench.sent(answered: 3600))
        bench.see(.off)
        bench.cut()
        bench.pass(100)
        bench.see(.off)
        #expect(bench.isWaiting)
    }

    @Test("a start that never sent an On, or whose On was refused, is released at once")
    func neverStarted() {
        let failure = ClaimState.Failure(since: Date(), reasons: [], cause: .start)
        for state in [ClaimState.undoing(failure), .discarding(failure)] {
            var bench = Bench(state, logicalID: "l")
            bench.see(.off)
            #expect(bench.next == .release(because: "powered off"))
            bench.claim.power = Bench.sent()
            #expect(bench.next == .cutPower)
        }
    }

    @Test("no command goes to another machine, whatever is wanted of the claimed one")
    func otherMachine() {
        let states: [ClaimState] = [
            .starting(.claimed), .starting(.clearing), .starting(.starting), .restarting,
            .fencing(Bench.failure), .refencing(Bench.failure), .reviving(Bench.failure), .stopping,
            .undoing(Bench.failure), .discarding(Bench.failure),
        ]
        for state in states {
            for power in [PowerState.on, .off, .unknown] {
                var bench = Bench(state, logicalID: "l")
                bench.see(power, other: "another machine stands here")
                switch bench.next {
                case .write, .wait: break
                default: Issue.record("\(state) \(power): \(bench.next)")
                }
            }
        }
    }

    @Test("no command goes to a BMC that the last look did not reach")
    func unreached() {
        let states: [ClaimState] = [
            .starting(.starting), .restarting, .fencing(Bench.failure), .refencing(Bench.failure),
            .reviving(Bench.failure), .stopping, .undoing(Bench.failure),
            .discarding(Bench.failure),
        ]
        for state in states {
            var bench = Bench(state)
            bench.see(.on)
            bench.failLook()
            switch bench.next {
            case .write, .wait: break
            default: Issue.record("\(state): \(bench.next)")
            }
        }
    }

    @Test("a machine on which another instance lives is not powered off")
    func twin() {
        for state in [ClaimState.stopping, .undoing(Bench.failure), .discarding(Bench.failure)] {
            var bench = Bench(state)
            bench.twin = "i2"
            bench.see(.on)
            #expect(
                bench.next == .release(because: "not powered off: i2 lives on the same machine"))
        }
        var bench = Bench(.fencing(Bench.failure))
        bench.twin = "i2"
        bench.see(.on, .critical)
        guard case .write(.fail(_, isOff: false)) = bench.next else {
            Issue.record("\(bench.next)")
            return
        }
    }

    // MARK: Starting

    @Test("an abandoned start of an untouched machine is released, whatever its looks say")
    func abandoned() {
        var bench = Bench(.starting(.claimed))
        bench.isAbandoned = true
        #expect(bench.next == .release(because: "the caller's time ran out"))
        bench.claim.state = .starting(.starting)
        bench.see(.on)
        #expect(bench.next == .write(.run))
    }

    @Test("a machine that turns out to be another device's is not started")
    func startTwin() {
        var bench = Bench(.starting(.claimed))
        bench.seenTwin = "d2"
        bench.see(.off)
        guard case .write(.giveUp(let reason, isUntouched: true, _)) = bench.next else {
            Issue.record("\(bench.next)")
            return
        }
        #expect(reason.contains("d2"))
    }

    @Test(
        "what is claimed for a start and is not let in, or not well, is given up untouched",
        arguments: [ProviderError.Kind.unauthorised, .untrusted, .refused, .malformed])
    func refusedStart(_ kind: ProviderError.Kind) {
        var bench = Bench(.starting(.claimed))
        bench.failLook(ProviderError(kind, "no"))
        #expect(
            bench.next
                == .write(.giveUp(reason: "no", isUntouched: true, isOfMedia: false)))
    }

    @Test("facts that can't be read are asked for after pauses, and given up")
    func noFacts() throws {
        var bench = Bench(.starting(.claimed))
        bench.properties = try SpecProperties(parsing: ["Require": ["MinCores": 8]])
        bench.see(.off)
        #expect(bench.next == .readFacts)
        bench.memory.noteTrouble(ProviderError(.busy, "503"), at: bench.now)
        #expect(bench.isWaiting)
        _ = bench.memory.nextPause()
        bench.pass(1)
        bench.see(.off)
        #expect(bench.next == .readFacts)
        bench.pass(400)
        bench.memory.noteTrouble(ProviderError(.busy, "503"), at: bench.now)
        bench.see(.off)
        #expect(
            bench.next == .write(.giveUp(reason: "503", isUntouched: true, isOfMedia: false)))
    }

    // MARK: Reviving

    @Test("a revival in vain whose On may act yet is fenced; one without is over")
    func revivalInVain() {
        for (pending, logicalID, isFenced) in [(1, "l", true), (0, "l", false), (1, nil, false)] {
            var bench = Bench(
                .reviving(Bench.failure), pending == 0 ? SentPower() : Bench.sent(),
                logicalID: logicalID)
            bench.failLook()
            #expect(
                bench.next
                    == .write(
                        isFenced
                            ? .refence(Bench.failure) : .fail(Bench.failure, isOff: false)))
        }
    }

    @Test("a restart that finds its machine on is at rest, and one in vain leaves it to the rounds")
    func restart() {
        var bench = Bench(.restarting)
        bench.see(.on)
        #expect(bench.next == .write(.run))
        bench.see(.off)
        #expect(bench.next == .powerOn)
        bench.memory.noteOn(at: bench.now)
        bench.memory.noteOnAnswer(nil, at: bench.now, mayRun: true)
        bench.pass(181)
        bench.see(.off)
        #expect(bench.next == .write(.endRestart))
    }

    // MARK: Fencing

    @Test(
        "a BMC that comes back well before the power was cut saves its server; a replaced one not")
    func saved() {
        var bench = Bench(.fencing(Bench.failure), logicalID: "l")
        bench.see(.on)
        #expect(bench.next == .write(.run))
        bench.see(.on, .critical)
        #expect(bench.next == .cutPower)
        bench.claim.state = .fencing(
            ClaimState.Failure(since: Date(), reasons: [], cause: .replaced))
        bench.see(.on)
        #expect(bench.next == .cutPower)
    }

    @Test("a fenced machine is failed when Off is sure, not when it is shown")
    func fencedOff() {
        var bench = Bench(.fencing(Bench.failure), Bench.sent(answered: 0), logicalID: "l")
        bench.see(.off)
        #expect(bench.next == .cutPower)
        bench.cut()
        bench.see(.off)
        #expect(bench.isWaiting)
        bench.pass(391)
        bench.see(.off)
        guard case .write(.fail(_, isOff: true)) = bench.next else {
            Issue.record("\(bench.next)")
            return
        }
    }

    @Test("a state says whether its instance is described, at rest, and holds its logical ID")
    func states() {
        let failure = Bench.failure
        let all: [(ClaimState, String)] = [
            (.starting(.claimed), "d-h"), (.running, "drh"), (.restarting, "d-h"),
            (.fencing(failure), "d-h"), (.failed(failure), "-r-"), (.refencing(failure), "--h"),
            (.reviving(failure), "--h"), (.stopping, "d-h"), (.undoing(failure), "d-h"),
            (.discarding(failure), "---"),
        ]
        for (state, letters) in all {
            #expect(
                (state.isDescribed ? "d" : "-") + (state.isAtRest ? "r" : "-")
                    + (state.holdsLogicalID ? "h" : "-") == letters, "\(state.name)")
        }
    }

    @Test("of a command that was answered with an error nobody says that the BMC took it")
    func untaken() {
        var bench = Bench(.starting(.starting))
        bench.see(.off)
        bench.memory.noteOn(at: bench.now)
        bench.memory.noteOnAnswer(.doubt, at: bench.now, mayRun: false)
        bench.pass(181)
        bench.see(.off)
        guard case .write(.giveUp(let reason, _, _)) = bench.next else {
            Issue.record("\(bench.next)")
            return
        }
        #expect(reason.hasPrefix("the command was sent, but the device is not On after 3m"))
    }
}
