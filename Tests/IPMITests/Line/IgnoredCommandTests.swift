import IPMIWire
import Testing

@testable import IPMI

/// BMCs that say nothing to a command that they don't know, and answer to others.
@Suite struct IgnoredCommandTests {
    private var deaf: LineRig {
        var rig = LineRig.open
        rig.bmc.ignores = [Peek.code]
        return rig
    }

    @Test("silence to such a command ends soon, and the session goes on")
    func ignored() {
        var rig = deaf
        let id = rig.ask(Peek())
        #expect(rig.finish(id)?.failure == .ignored(command: "peek"))
        #expect(rig.now < .seconds(3) && rig.bmc.proposals.count == 1)
        #expect(rig.results[rig.ask()]?.data == [5])
        #expect(rig.events.count == 1)
    }

    @Test("it is remembered, of just this variant, for a time that grows")
    func remembered() {
        var rig = deaf
        for pause in [60, 300, 1500, 3600, 3600] {
            let id = rig.ask(Peek())
            #expect(rig.finish(id)?.failure == .ignored(command: "peek"))
            let sent = rig.sent.count
            #expect(rig.results[rig.ask(Peek())]?.failure == .ignored(command: "peek"))
            #expect(rig.sent.count == sent)
            // The session may be kept meanwhile, or not.
            rig.advance(by: .seconds(pause))
        }
        rig.bmc.ignores = []
        #expect(rig.finish(rig.ask(Peek()))?.data == [5])
        var other = deaf
        _ = other.finish(other.ask(Peek(byte: 1)))
        other.bmc.ignores = []
        #expect(other.results[other.ask(Peek(byte: 2))]?.data == [2])
    }

    @Test("a BMC that is dead is silent, and nothing is remembered of the command")
    func dead() {
        var rig = LineRig.open
        rig.bmc.isSilent = true
        let id = rig.ask(Peek())
        guard case .silent? = rig.finish(id)?.failure else {
            Issue.record("not silent")
            return
        }
        rig.bmc.isSilent = false
        #expect(rig.finish(rig.ask(Peek()))?.data == [5])
    }

    @Test("a session that the BMC has dropped is opened anew for it")
    func dropped() {
        var rig = LineRig.open
        rig.bmc.dropSession()
        let id = rig.ask(Peek())
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.proposals.count == 2)
    }

    @Test("where other packets get lost, too, it is asked again before that is believed")
    func lossy() {
        var rig = LineRig.open
        // Three copies, and the first of what is asked to see whether the BMC answers.
        rig.isLost = { $0 <= 4 }
        let id = rig.ask(Peek())
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.proposals.count == 1)
    }

    @Test("an answer that comes after all is one")
    func late() {
        var rig = LineRig.open
        rig.slowness = { _ in .milliseconds(900) }
        rig.isAnswerLost = { $0 < 3 }
        let id = rig.ask(Peek(byte: 7))
        #expect(rig.finish(id)?.data == [7])
    }

    @Test("a power command overtakes a question to which the BMC says nothing, and all that wait")
    func overtakes() {
        var rig = deaf
        let peek = rig.ask(Peek())
        let ask = rig.ask(Ask(byte: 1))
        rig.advance(by: .milliseconds(700))
        let power = rig.ask(ChassisControl(.up))
        let other = rig.ask(GetChassisStatus())
        rig.advance(by: .milliseconds(900))
        #expect(rig.results[power] != nil && rig.results[other] != nil)
        #expect(rig.results[peek] == nil)
        #expect(rig.finish(peek)?.failure == .ignored(command: "peek"))
        #expect(rig.finish(ask)?.data == [1])
    }
}
