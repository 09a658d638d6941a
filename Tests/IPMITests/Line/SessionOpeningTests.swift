import IPMIWire
import Testing

@testable import IPMI

@Suite struct SessionOpeningTests {
    @Test("a session is opened with the first command, and the first allowed suite is taken")
    func opens() {
        var rig = LineRig()
        let id = rig.ask()
        #expect(rig.results[id]?.data == [5])
        #expect(rig.bmc.proposals == [.sha256])
        // Capabilities, suites, open session, RAKP 1 and 3, privilege, the command.
        #expect(rig.sent.count == 7)
        #expect(rig.now == .zero)
        rig.ask()
        #expect(rig.sent.count == 8)
    }

    @Test("what a BMC took last is proposed to it at once the next time")
    func remembers() {
        var rig = LineRig()
        rig.ask()
        rig.close()
        #expect(!rig.bmc.hasSession)
        let before = rig.sent.count
        let id = rig.ask()
        #expect(rig.results[id]?.data == [5])
        #expect(rig.sent.count - before == 5)
    }

    @Test("the list of suites is read part by part, until the preferred one is found")
    func pages() {
        var rig = LineRig()
        rig.bmc.listed = [.none, .sha1Authenticated, .sha1Signed, .sha1, .sha256]
        #expect(rig.results[rig.ask()]?.data == [5])
        #expect(rig.bmc.listings == 2)
        #expect(rig.bmc.proposals == [.sha256])
    }

    @Test("a BMC that lists its suites in the format of version 1.5 alone is asked so")
    func plainList() {
        var rig = LineRig()
        rig.bmc.listed = [.none, .sha1Authenticated, .sha1Signed, .sha1, .sha256]
        rig.bmc.listsInPlainFormatOnly = true
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.proposals == [.sha256])
        // The second part in the right format at once.
        #expect(rig.bmc.listings == 2 && rig.sent.count == 9)
    }

    @Test("a refusal that ends with its status is one")
    func shortRefusal() {
        var rig = LineRig()
        rig.bmc.listed = nil
        rig.bmc.spoken = [.sha1]
        rig.distort = { answer in
            guard answer.count == 24, answer[5] == PayloadType.openSessionResponse.rawValue else {
                return [answer]
            }
            var short = Array(answer[..<18])
            short[14] = 2
            return [short]
        }
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.proposals == [.sha256, .sha1])
    }

    @Test("of the suites that a BMC lists, the first allowed is proposed")
    func secondChoice() {
        var rig = LineRig()
        rig.bmc.listed = [.none, .sha1]
        rig.bmc.spoken = [.sha1]
        #expect(rig.results[rig.ask()]?.data == [5])
        #expect(rig.bmc.proposals == [.sha1])
    }

    @Test("a BMC that lists no suites is proposed the allowed ones in turn")
    func noList() {
        var rig = LineRig()
        rig.bmc.listed = nil
        rig.bmc.spoken = [.sha1]
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.proposals == [.sha256, .sha1])
        // The password was tried once.
        #expect(rig.bmc.namings == 1)
    }

    @Test("without a common suite, the error names both sides' numbers")
    func noCommonSuite() {
        var rig = LineRig()
        rig.bmc.listed = [.none, .sha1Authenticated]
        let id = rig.ask()
        #expect(
            rig.finish(id)?.failure == .noCommonSuite(offered: [0, 1], allowed: [17, 3]))
        #expect(rig.bmc.proposals == [])

        var single = LineRig()
        single.bmc.listed = [.sha1]
        single.bmc.spoken = [.sha1]
        let access = SessionAccess(
            username: LineRig.access.username, userKey: LineRig.access.userKey, bmcKey: nil,
            privilege: .user, suites: [.sha256])
        let other = single.ask(Ask(), as: access)
        #expect(single.finish(other)?.failure == .noCommonSuite(offered: [3], allowed: [17]))
    }

    @Test("a dead host is asked eight times, in growing intervals")
    func dead() {
        var rig = LineRig()
        rig.bmc.isSilent = true
        let first = rig.ask()
        let second = rig.ask()
        #expect(
            rig.finish(first)?.failure
                == .silent(step: "presence", attempts: 8, mayHaveActed: false))
        // Who waited behind learns it at the same time.
        #expect(rig.results[second]?.failure != nil)
        #expect(rig.sent.count == 8)
        #expect(rig.now > .seconds(15) && rig.now < .seconds(22))
    }

    @Test("a wrong password, a wrong K_G, an unknown user and too little privilege are told apart")
    func refusals() {
        var password = LineRig()
        password.bmc.userKey = Array("other".utf8)
        let first = password.ask()
        #expect(password.finish(first)?.failure == .session(.wrongPassword))
        #expect(password.bmc.namings == 1)

        var key = LineRig()
        key.bmc.bmcKey = Array("K_G".utf8)
        let second = key.ask()
        #expect(key.finish(second)?.failure == .session(.wrongBMCKey))

        var user = LineRig()
        user.bmc.username = "root"
        let third = user.ask()
        #expect(
            user.finish(third)?.failure == .session(.refused(step: "RAKP 1", .unauthorisedName)))

        var level = LineRig()
        level.bmc.privilegeCodes = [SetSessionPrivilegeLevel.levelExceedsLimit]
        let fourth = level.ask()
        #expect(
            level.finish(fourth)?.failure
                == .refused(
                    command: SetSessionPrivilegeLevel.name,
                    SetSessionPrivilegeLevel.levelExceedsLimit))
        // The slot is given back.
        #expect(level.bmc.closings == 1)

        var old = LineRig()
        old.bmc.speaksVersion2 = false
        let fifth = old.ask()
        #expect(old.finish(fifth)?.failure == .versionOne)
    }

    @Test("refused credentials are not tried again for a time that grows")
    func heldBack() throws {
        var rig = LineRig()
        rig.bmc.userKey = Array("other".utf8)
        _ = rig.finish(rig.ask())
        for pause in [60, 180, 540, 1620, 1800, 1800] {
            let namings = rig.bmc.namings
            rig.advance(by: .seconds(pause) - .milliseconds(1))
            guard case .heldBack(.wrongPassword, let rest)? = rig.results[rig.ask()]?.failure else {
                Issue.record("not held back")
                return
            }
            #expect(rest > .zero && rest <= .milliseconds(1))
            #expect(rig.bmc.namings == namings)
            rig.advance(by: .milliseconds(1))
            let id = rig.ask()
            #expect(rig.finish(id)?.failure == .session(.wrongPassword))
            #expect(rig.bmc.namings == namings + 1)
        }
        // Other credentials are another matter.
        rig.bmc.userKey = Array("new".utf8)
        let access = SessionAccess(
            username: LineRig.access.username, userKey: Array("new".utf8), bmcKey: nil,
            privilege: .operator, suites: [.sha256])
        #expect(rig.results[rig.ask(Ask(), as: access)]?.data == [5])
    }

    @Test("a BMC out of session slots is asked again a few times, and then it is said so")
    func slots() {
        var rig = LineRig()
        rig.bmc.shortages = 2
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        rig.close()
        rig.bmc.shortages = 99
        let other = rig.ask()
        #expect(
            rig.finish(other)?.failure
                == .session(.refused(step: "open session", .outOfResources)))
        #expect(rig.bmc.shortages == 95)
    }

    @Test("an opening that the BMC has forgotten on the way is begun again, once")
    func lostThread() {
        var rig = LineRig()
        rig.bmc.lostThreads = 1
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.bmc.proposals.count == 2)

        var other = LineRig()
        other.bmc.lostThreads = 99
        let otherID = other.ask()
        #expect(
            other.finish(otherID)?.failure
                == .session(.refused(step: "RAKP 3", .inactiveSessionID)))
        #expect(other.bmc.proposals.count == 2)
    }

    @Test("a BMC that is busy before a session is asked again")
    func busyRaising() {
        var rig = LineRig()
        rig.bmc.privilegeCodes = [.nodeBusy, .nodeBusy]
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.now == .milliseconds(750))
    }

    @Test("losing any one packet of the opening, either way, does no harm", arguments: 1...7)
    func loss(number: Int) {
        var rig = LineRig()
        rig.isLost = { $0 == number }
        let id = rig.ask()
        #expect(rig.finish(id)?.data == [5])
        #expect(rig.sent.count == 8)

        var other = LineRig()
        other.isAnswerLost = { $0 == number }
        let otherID = other.ask()
        #expect(other.finish(otherID)?.data == [5])
    }

    @Test("duplicates of everything, and what came before once more, change nothing")
    func duplicates() {
        var rig = LineRig()
        var past: [[UInt8]] = []
        rig.distort = { answer in
            past.append(answer)
            return [answer] + past + past.reversed()
        }
        for byte in UInt8(1)...9 {
            #expect(rig.results[rig.ask(Ask(byte: byte))]?.data == [byte])
        }
        #expect(rig.bmc.proposals.count == 1)
        #expect(rig.bmc.done.count == 9)
    }
}
