import IPMIWire
import Testing

@testable import IPMI

/// BMCs that take one datagram after the other, and their time for each.
@Suite struct SlowBMCTests {
    private static func isStep(_ datagram: [UInt8], _ type: PayloadType) -> Bool {
        datagram.count > 5 && datagram[4] == RMCPPlusPacket.format && datagram[5] == type.rawValue
    }

    private func rig(
        _ timing: IPMITiming = IPMITiming(), _ slowness: @escaping ([UInt8]) -> Duration
    ) -> LineRig {
        var rig = LineRig(timing: timing)
        rig.bmc.renewsRandom = true
        rig.slowness = slowness
        return rig
    }

    @Test(
        "a session is opened without copies of its steps, however long the BMC takes",
        arguments: [0.3, 0.7, 0.8, 1.5, 2.2])
    func steady(seconds: Double) {
        var rig = rig { _ in .seconds(seconds) }
        // The second half was taken by copies before.
        rig.bmc.slotLimit = 1
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.proposals.count == 1 && rig.bmc.namings == 1)
        // Commands are not asked twice either, once it is known what they take.
        for _ in 0..<2 { _ = rig.finish(rig.ask()) }
        rig.advance(by: .seconds(5))
        let received = rig.bmc.received
        for _ in 0..<5 {
            let id = rig.ask()
            #expect(rig.finish(id)?.data == [5])
        }
        #expect(rig.bmc.received - received == 5)
    }

    private static var hasty: IPMITiming {
        var timing = IPMITiming()
        timing.openingTimeout = .milliseconds(500)
        timing.jitter = 0
        return timing
    }

    @Test("of several answers to RAKP 1 the last one counts")
    func lastAnswer() {
        var rig = rig(Self.hasty) { Self.isStep($0, .rakp1) ? .milliseconds(700) : .zero }
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.namings == 2 && rig.bmc.proposals.count == 1)
    }

    @Test("an opening that copies have spoilt begins anew, and waits longer")
    func spoilt() {
        // Right after the copy, so that it is taken for the answer to it.
        var rig = rig(Self.hasty) { Self.isStep($0, .rakp1) ? .milliseconds(510) : .zero }
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.proposals.count == 2 && rig.bmc.namings == 3)
    }

    @Test(
        "where the BMC keeps what it answered last, that is proven, though RAKP 3 went out before")
    func lateAnswer() {
        var rig = rig(Self.hasty) { datagram in
            if Self.isStep(datagram, .rakp1) { return .milliseconds(510) }
            return Self.isStep(datagram, .rakp3) ? .milliseconds(1) : .zero
        }
        // The first proofs get lost: capabilities, suites, open session, two of RAKP 1, RAKP 3.
        rig.isLost = { $0 == 6 || $0 == 7 }
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.proposals.count == 1 && rig.bmc.namings == 2)
    }

    @Test("a quick BMC whose answer got lost is not waited for a second time")
    func quick() {
        var rig = LineRig()
        rig.bmc.renewsRandom = true
        // Capabilities, suites, open session, RAKP 1.
        rig.isAnswerLost = { $0 == 4 }
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.now < .milliseconds(2_900))
    }

    @Test("a thread that is lost after copies is no wrong password")
    func crossed() {
        var rig = rig(Self.hasty) { Self.isStep($0, .rakp1) ? .milliseconds(550) : .zero }
        rig.distort = { answer in
            guard answer.count > 17, Self.isStep(answer, .rakp4) else { return [answer] }
            var refusal = answer
            refusal[17] = RMCPPlusStatus.invalidIntegrityCheck.rawValue
            return [refusal]
        }
        // Each copy of the answers costs a beginning; the pace is learnt, so the last ones have none.
        rig.isLost = { $0 > 4 && $0.isMultiple(of: 3) }
        let id = rig.ask()
        guard let failure = rig.finish(id)?.failure else {
            Issue.record("opened")
            return
        }
        if case .session(.crossed) = failure {
            let again = rig.ask()
            if case .heldBack? = rig.results[again]?.failure { Issue.record("held back") }
        } else {
            Issue.record("\(failure)")
        }
    }

    @Test("an opening that copies may have spoilt begins anew twice, and one without copies once")
    func begunAnew() {
        for (lostThreads, isOpened) in [(1, true), (2, true), (3, false)] {
            var rig = LineRig()
            rig.bmc.lostThreads = lostThreads
            // The first answer to each RAKP 1 gets lost, behind capabilities, suites and the opening.
            rig.isAnswerLost = { [4, 8, 12].contains($0) }
            let id = rig.ask()
            let result = rig.finish(id)
            #expect((result?.data == [5]) == isOpened)
            #expect(rig.bmc.proposals.count == min(lostThreads, 2) + 1)
            if !isOpened {
                #expect(
                    result?.failure
                        == .session(.crossed(step: "RAKP 3", .inactiveSessionID)))
            }
        }
        var rig = LineRig()
        rig.bmc.lostThreads = 2
        let id = rig.ask()
        #expect(
            rig.finish(id)?.failure == .session(.refused(step: "RAKP 3", .inactiveSessionID)))
        #expect(rig.bmc.proposals.count == 2)
    }

    @Test("how long an answer is waited for can be told")
    func told() {
        var access = LineRig.access
        access.retryAfter = .seconds(3)
        var rig = LineRig()
        rig.bmc.isSilent = true
        rig.ask(as: access)
        rig.advance(by: .milliseconds(2_600))
        #expect(rig.sent.count == 1)
        rig.advance(by: .seconds(1))
        #expect(rig.sent.count == 2)
    }
}
