import IPMIWire
import Testing

@testable import IPMI

@Suite struct LineMachineTests {
    @Test("one question is on its way at a time, in the order in which they were asked")
    func queue() {
        var rig = LineRig.open
        rig.isLost = { _ in true }
        let ids = (UInt8(1)...4).map { rig.ask(Ask(byte: $0)) }
        #expect(rig.sent.count == 1)
        rig.isLost = { _ in false }
        _ = rig.finish(ids[0])
        #expect(ids.map { rig.results[$0]?.data } == [[1], [2], [3], [4]])
        #expect(rig.sent.count == 5)
    }

    @Test("a question that is lost is asked again, sealed anew, and answered once")
    func loss() {
        var rig = LineRig.open
        rig.isAnswerLost = { $0 < 3 }
        let id = rig.ask(Ask(byte: 9))
        #expect(rig.finish(id)?.data == [9])
        #expect(Set(rig.sent).count == 3)
        #expect(rig.bmc.taken == 5)
    }

    @Test("a session that the BMC dropped is opened anew, unnoticed by who asks")
    func dropped() {
        var rig = LineRig.open
        rig.bmc.dropSession()
        rig.advance(by: .seconds(20))
        let id = rig.ask(Ask(byte: 9))
        #expect(rig.finish(id)?.data == [9])
        #expect(rig.bmc.proposals.count == 2)
        // Capabilities and suites were known, and the silence was short: it was quiet for long.
        #expect(rig.now < .seconds(24))
    }

    @Test("a BMC that died while its session was open is silent, after one attempt to open another")
    func died() {
        var rig = LineRig.open
        rig.bmc.isSilent = true
        let id = rig.ask()
        guard case .silent(let step, let attempts, false)? = rig.finish(id)?.failure else {
            Issue.record("not silent")
            return
        }
        #expect(step == "open session" && attempts == 8)
        #expect(rig.machine.isQuiet)
    }

    @Test("a command that acts is sent again as the very same packet, and done once")
    func actsOnce() {
        var rig = LineRig.open
        rig.isLost = { $0 == 1 }
        let id = rig.ask(Act())
        #expect(rig.finish(id)?.data == [])
        #expect(rig.sent.count == 2 && rig.sent[0] == rig.sent[1])

        // Where the answer is lost the BMC drops what follows, and nobody knows.
        var other = LineRig.open
        other.isAnswerLost = { _ in true }
        let otherID = other.ask(Act())
        #expect(
            other.finish(otherID)?.failure
                == .silent(step: "act", attempts: 5, mayHaveActed: true))
        #expect(other.bmc.done == [Ask.code, Act.code])
        // Neither is it tried in another session.
        #expect(other.bmc.proposals.count == 1)
    }

    @Test(
        "before a command that acts, a session that was quiet is tried, and opened anew if need be")
    func probe() {
        var rig = LineRig.open
        rig.advance(by: .seconds(20))
        let id = rig.ask(Act())
        #expect(rig.results[id]?.data == [])
        #expect(rig.sent.count == 2)

        rig.bmc.dropSession()
        rig.advance(by: .seconds(20))
        let other = rig.ask(Act())
        #expect(rig.finish(other)?.data == [])
        #expect(rig.bmc.proposals.count == 2)
        #expect(rig.bmc.done == [Ask.code, Act.code, Act.code])
    }

    @Test("a busy BMC is asked again after pauses that grow, and not for ever")
    func busy() {
        var rig = LineRig.open
        rig.bmc.codes = [.nodeBusy, .nodeBusy, .initialising]
        let id = rig.ask(Ask(byte: 3))
        #expect(rig.results[id] == nil)
        #expect(rig.finish(id)?.data == [3])
        #expect(rig.now == .milliseconds(250 + 500 + 1000))

        rig.bmc.codes = Array(repeating: .nodeBusy, count: 99)
        let before = rig.now
        let other = rig.ask()
        guard case .success(let response)? = rig.finish(other) else {
            Issue.record("no answer")
            return
        }
        #expect(response.code == .nodeBusy)
        #expect(rig.now - before >= .seconds(20) && rig.now - before < .seconds(30))
    }

    @Test("other completion codes are handed on at once")
    func codes() {
        var rig = LineRig.open
        for code in [CompletionCode.insufficientPrivilege, .invalidCommand, .notPresent] {
            rig.bmc.codes = [code]
            guard case .success(let response)? = rig.results[rig.ask()] else {
                Issue.record("no answer")
                return
            }
            #expect(response.code == code)
        }
    }

    @Test("an idle session is closed, and opened again at need")
    func idle() {
        var rig = LineRig.open
        rig.advance(by: .seconds(30))
        rig.ask()
        rig.advance(by: .seconds(44))
        #expect(rig.bmc.closings == 0 && rig.machine.hasSession)
        rig.advance(by: .seconds(1))
        #expect(rig.bmc.closings == 1 && rig.machine.isQuiet && rig.machine.due == nil)
        #expect(rig.results[rig.ask()]?.data == [5])
        #expect(rig.bmc.proposals.count == 2)
    }

    @Test("closing fails what waits, and takes no longer than two unanswered packets")
    func closing() {
        var rig = LineRig.open
        rig.isLost = { _ in true }
        let ids = [rig.ask(), rig.ask()]
        rig.close()
        #expect(ids.allSatisfy { rig.results[$0]?.failure == .closed })
        rig.advance(by: .seconds(2))
        #expect(rig.machine.isQuiet)
        #expect(rig.sent.count == 3)
    }

    @Test("what is asked while a session closes is asked in the next one")
    func askWhileClosing() {
        var rig = LineRig.open
        rig.isLost = { $0 == 1 }
        rig.close()
        let id = rig.ask(Ask(byte: 8))
        #expect(rig.results[id] == nil)
        #expect(rig.finish(id)?.data == [8])
        #expect(rig.bmc.closings == 1 && rig.bmc.proposals.count == 2)
    }

    @Test("other credentials for the same BMC take over its one session")
    func otherAccess() {
        var rig = LineRig.open
        let access = SessionAccess(
            username: LineRig.access.username, userKey: LineRig.access.userKey, bmcKey: nil,
            privilege: .user, suites: [.sha1])
        #expect(rig.results[rig.ask(Ask(byte: 2), as: access)]?.data == [2])
        #expect(rig.bmc.closings == 1)
        #expect(rig.bmc.proposals == [.sha256, .sha1])
    }

    @Test("a waiting command that is cancelled is never sent")
    func cancelWaiting() {
        var rig = LineRig.open
        rig.isLost = { _ in true }
        let first = rig.ask()
        let second = rig.ask(Act())
        rig.cancel(second)
        #expect(rig.results[second]?.failure == .cancelled(mayHaveActed: false))
        rig.isLost = { _ in false }
        #expect(rig.finish(first)?.data == [5])
        #expect(rig.bmc.done == [Ask.code, Ask.code])
    }

    @Test("after a command under way is cancelled, the next one waits for its answer or its time")
    func cancelSent() {
        var rig = LineRig.open
        rig.isAnswerLost = { $0 == 1 }
        let first = rig.ask(Act())
        rig.cancel(first)
        #expect(rig.results[first]?.failure == .cancelled(mayHaveActed: true))
        let second = rig.ask(Ask(byte: 7))
        #expect(rig.sent.count == 1)
        #expect(rig.finish(second)?.data == [7])
        #expect(rig.now < .seconds(1))
    }

    @Test("an opening that nobody waits for ends")
    func cancelOpening() {
        var rig = LineRig()
        rig.bmc.isSilent = true
        rig.cancel(rig.ask())
        rig.advance(by: .seconds(1))
        #expect(rig.machine.isQuiet && rig.sent.count == 1)
    }

    @Test("packets that are forged, old or of others change nothing")
    func injection() {
        var rig = LineRig.open
        rig.isAnswerLost = { $0 == 1 }
        let first = rig.ask(Ask(byte: 1))
        let late = rig.answered[0]
        // To each packet come its forgeries, before it.
        rig.distort = { answer in
            answer.indices.map { index in
                var forged = answer
                forged[index] ^= 0x40
                return forged
            } + [answer, answer]
        }
        #expect(rig.finish(first)?.data == [1])
        for byte in UInt8(2)...30 {
            #expect(rig.results[rig.ask(Ask(byte: byte))]?.data == [byte])
            // The answer to an earlier question, authentic or used up.
            rig.receive(late)
            rig.receive(rig.answered[0])
            rig.receive([])
        }
        #expect(rig.bmc.proposals.count == 1)
    }

    @Test("a packet that can't be sent fails what waits, and keeps the session")
    func unsendable() {
        var rig = LineRig.open
        rig.isLost = { _ in true }
        let id = rig.ask()
        rig.machine.fail(.unsendable("no route", isOurs: true), rig.now)
        rig.isLost = { _ in false }
        rig.advance(by: .zero)
        #expect(rig.machine.hasSession)
        #expect(rig.results[rig.ask()]?.data == [5])
        #expect(rig.results[id]?.failure == .unsendable("no route", isOurs: true))
    }

    @Test("with a third of all packets lost either way, every answer is right")
    func storm() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func chance() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state % 100
        }
        var rig = LineRig()
        rig.isLost = { _ in chance() < 15 }
        rig.isAnswerLost = { _ in chance() < 15 }
        var held: [[UInt8]] = []
        rig.distort = { answer in
            // Some come twice, some in another order.
            defer { held = [] }
            if chance() < 5 { return held + [answer, answer] }
            return held + [answer]
        }
        for index in 0..<500 {
            if index % 10 == 0 { rig.advance(by: .seconds(50)) }
            let byte = UInt8(truncatingIfNeeded: index)
            let id = rig.ask(Ask(byte: byte))
            #expect(rig.finish(id)?.data == [byte])
        }
    }

    @Test("a command that was on its way may have been done, whatever ended the waiting for it")
    func mayHaveActed() {
        var closed = LineRig.open
        closed.isAnswerLost = { _ in true }
        let first = closed.ask(Act())
        closed.close()
        #expect(closed.results[first]?.failure == .cancelled(mayHaveActed: true))
        var cut = LineRig.open
        cut.isAnswerLost = { _ in true }
        let second = cut.ask(Act())
        let waiting = cut.ask(Act())
        cut.fail(.unsendable("no route", isOurs: true))
        #expect(
            cut.results[second]?.failure == .silent(step: "act", attempts: 1, mayHaveActed: true))
        #expect(cut.results[waiting]?.failure == .unsendable("no route", isOurs: true))
    }
}
