import Core
import IPMIWire
import Testing

@testable import IPMI

/// Sessions with BMCs that break the rules of the opening.
@Suite struct OddOpeningTests {
    // MARK: Refusals that don't say to whom

    /// Which bytes of a refusal are 0: the tag, the session ID (IPMI v2.0 13.18 to 13.23).
    enum Blank: CaseIterable { case tag, session, both }

    /// Blanks them in refusals of the three steps, as OpenBMC does.
    private static func blanking(_ blank: Blank) -> ([UInt8]) -> [[UInt8]] {
        { answer in
            guard isStep(answer, [.openSessionResponse, .rakp2, .rakp4]), answer[17] != 0 else {
                return [answer]
            }
            var answer = answer
            if blank != .session { answer[16] = 0 }
            if blank != .tag { answer.replaceSubrange(20..<24, with: [0, 0, 0, 0]) }
            return [answer]
        }
    }

    private static func isStep(_ datagram: [UInt8], _ types: [PayloadType]) -> Bool {
        datagram.count >= 24 && datagram[4] == RMCPPlusPacket.format
            && types.contains { $0.rawValue == datagram[5] }
    }

    @Test("a refusal is believed that comes without tag or session ID", arguments: Blank.allCases)
    func refusals(blank: Blank) {
        var name = LineRig()
        name.distort = Self.blanking(blank)
        name.bmc.username = "root"
        let first = name.ask()
        #expect(
            name.finish(first)?.failure == .session(.refused(step: "RAKP 1", .unauthorisedName)))
        #expect(name.bmc.namings == 1 && name.now < .seconds(1))

        var proof = LineRig()
        proof.distort = Self.blanking(blank)
        proof.bmc.lostThreads = 99
        let second = proof.ask()
        #expect(
            proof.finish(second)?.failure
                == .session(.refused(step: "RAKP 3", .inactiveSessionID)))
        #expect(proof.bmc.proposals.count == 2 && proof.now < .seconds(2))

        var suite = LineRig()
        suite.distort = Self.blanking(blank)
        suite.bmc.listed = nil
        suite.bmc.spoken = [.sha1]
        let third = suite.ask()
        #expect(suite.finish(third)?.data == [5])
        #expect(suite.bmc.proposals == [.sha256, .sha1])
    }

    @Test("a refusal that is addressed to another session is none of ours")
    func otherSession() {
        var rig = LineRig()
        rig.bmc.username = "root"
        rig.distort = { answer in
            guard Self.isStep(answer, [.rakp2]) else { return [answer] }
            var answer = answer
            answer[20] ^= 0x01
            return [answer]
        }
        let id = rig.ask()
        guard case .silent(SessionMachine.Step.rakp1, _, _)? = rig.finish(id)?.failure else {
            Issue.record("believed")
            return
        }
    }

    @Test(
        "nothing but a refusal passes without tag or session ID",
        arguments: [PayloadType.openSessionResponse, .rakp2, .rakp4], [16, 20])
    func acceptances(type: PayloadType, place: Int) {
        var rig = LineRig()
        rig.distort = { answer in
            guard Self.isStep(answer, [type]) else { return [answer] }
            var answer = answer
            answer.replaceSubrange(
                place..<(place == 16 ? 17 : 24),
                with: place == 16 ? [answer[16] ^ 1] : [0, 0, 0, 0])
            return [answer]
        }
        let id = rig.ask()
        guard case .silent? = rig.finish(id)?.failure else {
            Issue.record("believed")
            return
        }
    }

    @Test("a better answer takes back a refusal that may be forged")
    func forged() {
        var rig = LineRig()
        rig.distort = { answer in
            guard Self.isStep(answer, [.rakp2]) else { return [answer] }
            var refusal = Array(answer[..<24])
            refusal[14] = 8
            refusal[16] = 0
            refusal[17] = RMCPPlusStatus.unauthorisedName.rawValue
            refusal.replaceSubrange(20..<24, with: [0, 0, 0, 0])
            return [refusal, answer]
        }
        #expect(rig.results[rig.ask()]?.data == [5])
    }

    // MARK: Suites

    @Test(
        "a suite may be refused by another status than the one for it",
        arguments: [
            RMCPPlusStatus.outOfResources, .unauthorisedRole, .illegalParameter, .noMatchingSuite,
            .invalidAuthentication,
        ])
    func suiteStatuses(status: RMCPPlusStatus) {
        var rig = LineRig()
        rig.bmc.suiteRefusals = [.sha256: status]
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.proposals == [.sha256, .sha1] && rig.bmc.namings == 1)
        // It is remembered.
        rig.close()
        #expect(rig.finish(rig.ask())?.data == [5])
        #expect(rig.bmc.proposals.last == .sha1 && rig.bmc.proposals.count == 3)
    }

    @Test("a want of slots is one, though the other suite is not known")
    func realShortage() {
        var rig = LineRig()
        rig.bmc.suiteRefusals = [.sha256: .outOfResources, .sha1: .noMatchingSuite]
        let id = rig.ask()
        #expect(
            rig.finish(id)?.failure
                == .session(.refused(step: "open session", .outOfResources)))
    }

    // MARK: Codes

    private static func recoding(
        _ type: PayloadType, from place: Int, _ change: @escaping ([UInt8]) -> [UInt8]
    ) -> ([UInt8]) -> [[UInt8]] {
        { answer in
            guard isStep(answer, [type]), answer.count > place else { return [answer] }
            var changed = Array(answer[..<place]) + change(Array(answer[place...]))
            changed[14] = UInt8(changed.count - 16)
            return [changed]
        }
    }

    /// Where the code begins: behind random number and GUID in RAKP 2 (IPMI v2.0 13.21, 13.23).
    private static let places: [(PayloadType, Int)] = [(.rakp2, 56), (.rakp4, 24)]

    @Test("a proof that is longer than it should be is compared in the bytes that count")
    func longCodes() {
        for (type, place) in Self.places {
            var rig = LineRig()
            rig.distort = Self.recoding(type, from: place) { $0 + [1, 2, 3, 4, 5, 6, 7, 8] }
            #expect(rig.results[rig.ask()]?.data == [5])
        }
    }

    @Test("a proof that is too short or blank makes another suite the next, at no attempt's cost")
    func brokenSuites() {
        for (type, place) in Self.places {
            for change in [{ Array($0.dropLast(4)) }, { $0.map { _ in 0 } }]
                as [([UInt8]) -> [UInt8]]
            {
                var rig = LineRig()
                let recode = Self.recoding(type, from: place, change)
                // The codes of SHA-256 alone.
                let length = place + (type == .rakp2 ? 32 : 16)
                rig.distort = { $0.count == length ? recode($0) : [$0] }
                let id = rig.ask()
                #expect(rig.finish(id)?.data == [5])
                #expect(rig.bmc.proposals == [.sha256, .sha1])
            }
        }
    }

    @Test("where no other suite is allowed, the proof's fault is told, and nobody is held back")
    func brokenSuite() {
        let access = SessionAccess(
            username: LineRig.access.username, userKey: LineRig.access.userKey, bmcKey: nil,
            privilege: .operator, suites: [.sha256])
        for (change, failure) in [
            ({ Array($0.dropLast(4)) }, .shortCode(step: "RAKP 1")),
            ({ $0.map { _ in 0 } }, .blankCode(step: "RAKP 1")),
        ] as [(([UInt8]) -> [UInt8], SessionFailure)] {
            var rig = LineRig()
            rig.distort = Self.recoding(.rakp2, from: 56, change)
            for _ in 0..<2 {
                let id = rig.ask(as: access)
                #expect(rig.finish(id)?.failure == .session(failure))
            }
        }
    }

    @Test("checksums of messages in a protected session need not be right")
    func checksums() {
        var rig = LineRig()
        rig.bmc.spoilsChecksums = true
        #expect(rig.results[rig.ask()]?.data == [5])
    }

    @Test("packets whose codes are longer than they should be are taken")
    func longPackets() {
        var rig = LineRig()
        rig.distort = { answer in
            let isSealed = answer[4] == RMCPPlusPacket.format && answer[5] & 0x40 != 0
            return [isSealed ? answer + [9, 9, 9, 9, 9, 9, 9, 9] : answer]
        }
        #expect(rig.results[rig.ask()]?.data == [5])
    }

    // MARK: Privilege

    private static let unsaid = SessionAccess(
        username: LineRig.access.username, userKey: LineRig.access.userKey, bmcKey: nil,
        privilege: .administrator, mayLower: true, suites: [.sha256, .sha1])

    @Test("who says no privilege gets an operator's where an administrator is not known")
    func lowered() {
        var rig = LineRig()
        rig.bmc.userLimit = .operator
        let id = rig.ask(as: Self.unsaid)
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.namings == 2)
        // It is remembered.
        rig.close()
        _ = rig.finish(rig.ask(as: Self.unsaid))
        #expect(rig.bmc.namings == 3)
    }

    @Test("the same where the session opens and is not raised")
    func loweredRaise() {
        var rig = LineRig()
        rig.bmc.privilegeCodes = [SetSessionPrivilegeLevel.levelExceedsLimit]
        #expect(rig.results[rig.ask(as: Self.unsaid)]?.data == [5])
        #expect(rig.bmc.namings == 1)
    }

    @Test("who says what to ask for gets that or nothing")
    func said() {
        var rig = LineRig()
        rig.bmc.userLimit = .user
        let id = rig.ask()
        #expect(
            rig.finish(id)?.failure == .session(.refused(step: "RAKP 1", .unauthorisedName)))
        #expect(rig.bmc.namings == 1)
    }

    @Test("of a long password that is refused it is said that some keep 16 bytes")
    func longPassword() {
        let long = SessionAccess(
            username: LineRig.access.username, userKey: Array("0123456789abcdefg".utf8),
            bmcKey: nil, privilege: .operator, suites: [.sha256])
        var rig = LineRig()
        let id = rig.ask(as: long)
        let failure = rig.finish(id)?.failure
        #expect(failure == .session(.wrongLongPassword))
        #expect(failure?.error(attempting: "look").message.contains("16 bytes") == true)
        #expect(failure?.error(attempting: "look").kind == .unauthorised)
    }
}
