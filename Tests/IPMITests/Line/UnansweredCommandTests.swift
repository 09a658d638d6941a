import IPMIWire
import Testing

@testable import IPMI

/// Commands that take effect, and of which a look tells whether they did.
@Suite struct UnansweredCommandTests {
    @Test("such a command's silence is not waited out, and the look comes in the same session")
    func look() {
        var rig = LineRig.open
        rig.isAnswerLost = { $0 == 1 }
        let id = rig.ask(Flip(side: 1))
        #expect(
            rig.finish(id)?.failure == .silent(step: "flip", attempts: 2, mayHaveActed: true))
        #expect(rig.now < .milliseconds(1_400))
        #expect(rig.results[rig.ask(Ask(byte: 3))]?.data == [3])
        #expect(rig.bmc.proposals.count == 1)
        #expect(rig.bmc.done == [Ask.code, Flip.code, Ask.code])
    }

    @Test("asked again it goes out as the very same packet, and is done once at the most")
    func samePacket() {
        var rig = LineRig.open
        rig.isAnswerLost = { $0 == 1 }
        _ = rig.finish(rig.ask(Flip(side: 1)))
        let first = rig.sent[0]
        let again = rig.ask(Flip(side: 1))
        // The BMC has it, and drops it.
        #expect(rig.finish(again)?.failure != nil)
        #expect(rig.sent.count { $0 == first } == 4)
        #expect(rig.bmc.done.count { $0 == Flip.code } == 1)
        // By then the session is not trusted any more.
        #expect(!rig.machine.hasSession)
        #expect(rig.results[rig.ask(Flip(side: 1))]?.data == [1])
        #expect(rig.bmc.done.count { $0 == Flip.code } == 2)
    }

    @Test("a command that got lost twice is done when it is asked again")
    func lostTwice() {
        var rig = LineRig.open
        rig.isLost = { $0 <= 2 }
        _ = rig.finish(rig.ask(Flip(side: 1)))
        _ = rig.ask(Ask())
        #expect(rig.results[rig.ask(Flip(side: 1))]?.data == [1])
        #expect(rig.bmc.done == [Ask.code, Ask.code, Flip.code])
        #expect(rig.bmc.proposals.count == 1)
    }

    @Test("a copy that is late does not undo what was asked after it")
    func lateCopy() {
        var rig = LineRig.open
        rig.isLost = { _ in true }
        _ = rig.finish(rig.ask(Flip(side: 0)))
        let late = rig.sent[0]
        rig.isLost = { _ in false }
        let other = rig.ask(Flip(side: 1))
        #expect(rig.finish(other)?.data == [1])
        #expect(rig.bmc.closings == 1 && rig.bmc.proposals.count == 2)
        let done = rig.bmc.done
        _ = rig.bmc.answer(late)
        #expect(rig.bmc.done == done)
    }

    @Test("neither does one of a command whose caller went away")
    func lateCopyOfCancelled() {
        var rig = LineRig.open
        rig.isLost = { _ in true }
        let id = rig.ask(Act())
        rig.cancel(id)
        let late = rig.sent[0]
        rig.advance(by: .seconds(1))
        rig.isLost = { _ in false }
        #expect(rig.results[rig.ask(Flip(side: 1))]?.data == [1])
        #expect(rig.bmc.closings == 1)
        let done = rig.bmc.done
        _ = rig.bmc.answer(late)
        #expect(rig.bmc.done == done)
    }

    @Test("an answer that comes late ends the doubt, and the session goes on")
    func lateAnswer() {
        var rig = LineRig.open
        rig.isAnswerLost = { $0 == 1 }
        _ = rig.finish(rig.ask(Flip(side: 0)))
        rig.receive(rig.answered[0])
        #expect(rig.results[rig.ask(Flip(side: 1))]?.data == [1])
        #expect(rig.bmc.proposals.count == 1 && rig.bmc.closings == 0)
    }

    @Test("after a while the same command is a new one")
    func later() {
        var rig = LineRig.open
        rig.isAnswerLost = { $0 == 1 }
        _ = rig.finish(rig.ask(Flip(side: 0)))
        rig.advance(by: .seconds(11))
        #expect(rig.results[rig.ask(Flip(side: 0))]?.data == [0])
        #expect(rig.bmc.done.count { $0 == Flip.code } == 2)
        #expect(rig.bmc.closings == 1)
    }

    @Test("a BMC that died is silent for the look, too, and then in a new session")
    func died() {
        var rig = LineRig.open
        rig.bmc.isSilent = true
        _ = rig.finish(rig.ask(Flip(side: 0)))
        let before = rig.now
        let look = rig.ask()
        guard case .silent("open session", _, false)? = rig.finish(look)?.failure else {
            Issue.record("not silent")
            return
        }
        #expect(rig.now - before < .seconds(24))
    }
}
