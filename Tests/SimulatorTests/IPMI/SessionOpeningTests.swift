import Core
import IPMIWire
import NIOCore
import Testing

@testable import Simulator

@Suite("A simulated BMC, as IPMI sessions are opened")
struct SessionOpeningTests {
    @Test("a ping is answered by a pong that says that IPMI is spoken")
    func pong() throws {
        let bmc = try TestBMC()
        var ping = ByteBuffer()
        RMCPHeader(messageClass: .asf).write(into: &ping)
        PresencePing(tag: 7).write(into: &ping)
        var pong = ByteBuffer(bytes: try #require(bmc.carry(ping.unread)))
        #expect(try RMCPHeader.read(from: &pong).messageClass == .asf)
        #expect(
            try PresencePong.read(from: &pong) == PresencePong(tag: 7, supportsIPMI: true))
    }

    @Test("every cipher suite carries a session", arguments: CipherSuite.known)
    func suites(_ suite: CipherSuite) throws {
        let bmc = try TestBMC { $0.ipmi.cipherSuites = [Int(suite.id)] }
        var console = try bmc.console { $0.suite = suite }
        #expect(try console.perform(GetChassisStatus(), bmc.carry).isOn == false)
    }

    @Test("a suite that is not offered is refused", arguments: [CipherSuite.none, .sha1Signed])
    func refusedSuite(_ suite: CipherSuite) throws {
        let bmc = try TestBMC()
        #expect(throws: TestConsole.Failure.refused(step: "open session", .noMatchingSuite)) {
            _ = try bmc.console { $0.suite = suite }
        }
    }

    @Test("algorithms that nobody knows are refused, not left unanswered")
    func unknownAlgorithms() throws {
        let bmc = try TestBMC()
        var request = TestConsole().openSessionRequest
        // The authentication algorithm, behind RMCP's 4 and RMCP+'s 12 bytes.
        request[4 + 12 + 12] = 0x3F
        let response = try TestConsole.payload(bmc.carry(request)) {
            try OpenSessionResponse.read(from: &$0)
        }
        #expect(response.outcome == .refused(.noMatchingSuite))
    }

    @Test("the list of cipher suites comes in parts")
    func pages() throws {
        let bmc = try TestBMC { $0.ipmi.cipherSuites = [0, 1, 2, 3, 15, 16, 17] }
        var bytes: [UInt8] = []
        var lengths: [Int] = []
        for index in UInt8(0)..<3 {
            let part = try TestConsole.ask(GetChannelCipherSuites(index: index), bmc.carry)
            lengths.append(part.records.count)
            bytes += part.records
        }
        #expect(lengths == [16, 16, 3])
        #expect(CipherSuiteRecord.readAll(bytes).map(\.id) == [0, 1, 2, 3, 15, 16, 17])
    }

    @Test("capabilities say whether there is a key of the BMC's own")
    func capabilities() throws {
        for key in [nil, Secret("bmc key")] {
            let bmc = try TestBMC { $0.ipmi.bmcKey = key }
            let answer = try TestConsole.ask(
                GetChannelAuthenticationCapabilities(privilegeLevel: .administrator), bmc.carry)
            #expect(answer.hasBMCKey == (key != nil))
            #expect(answer.speaksVersion2)
            #expect(!answer.speaksVersion1)
        }
    }

    @Test("who does not know the password, the user or the BMC's key gets no session")
    func strangers() throws {
        let bmc = try TestBMC { $0.ipmi.bmcKey = Secret("bmc key") }
        #expect(throws: TestConsole.Failure.refused(step: "RAKP 3", .invalidIntegrityCheck)) {
            _ = try bmc.console { $0.password = "wrong" }
        }
        #expect(throws: TestConsole.Failure.refused(step: "RAKP 1", .unauthorisedName)) {
            _ = try bmc.console { $0.username = "nobody" }
        }
        #expect(throws: TestConsole.Failure.wrongCode(step: "RAKP 4")) {
            _ = try bmc.console { $0.bmcKey = "another" }
        }
        _ = try bmc.console { $0.bmcKey = "bmc key" }
        #expect(bmc.statistics.refusedOpenings == 2)
    }

    @Test("users get no more privilege than they have")
    func privileges() throws {
        let bmc = try TestBMC {
            $0.ipmi.users = [
                SimulatedIPMIUser(name: "watch", password: Secret("look"), privilege: .user)
            ]
        }
        func watch(_ privilege: PrivilegeLevel) throws -> TestConsole {
            try bmc.console {
                $0.username = "watch"
                $0.password = "look"
                $0.privilege = privilege
            }
        }
        #expect(throws: TestConsole.Failure.refused(step: "RAKP 1", .unauthorisedRole)) {
            _ = try watch(.operator)
        }
        var console = try watch(.user)
        let refused = try console.code(of: ChassisControl(.up), bmc.carry)
        #expect(refused.code == .insufficientPrivilege)
        let raised = try console.code(
            of: SetSessionPrivilegeLevel(level: .administrator), bmc.carry)
        #expect(raised.code == SetSessionPrivilegeLevel.levelExceedsLimit)
        #expect(bmc.state.systems[0].resets.isEmpty)
    }

    @Test("a session begins at the user level")
    func firstLevel() throws {
        let bmc = try TestBMC()
        var console = TestConsole()
        try console.open(bmc.carry)
        #expect(try console.code(of: ChassisControl(.up), bmc.carry).code == .insufficientPrivilege)
        let level = try console.perform(SetSessionPrivilegeLevel(level: nil), bmc.carry)
        #expect(level.level == .user)
    }

    @Test("slots run out, and come back when sessions are closed, idle or never opened")
    func slots() throws {
        let bmc = try TestBMC { $0.ipmi.sessionLimit = 2 }
        func next(_ id: UInt32) throws -> TestConsole { try bmc.console { $0.consoleID = id } }
        var first = try next(1)
        _ = try next(2)
        let full = TestConsole.Failure.refused(step: "open session", .outOfResources)
        #expect(throws: full) { _ = try next(3) }
        let closed = try first.code(
            of: CloseSession(target: .session(first.sessionID)), bmc.carry)
        #expect(closed.code == .ok)
        #expect(throws: TestConsole.Failure.silence) {
            try first.code(of: GetChassisStatus(), bmc.carry)
        }
        _ = try next(4)
        bmc.pass(.seconds(61))
        _ = try next(5)
        #expect(bmc.state.ipmi.end.sessions.count == 1)
        // A proposal that nothing comes of.
        var proposal = TestConsole()
        proposal.consoleID = 6
        _ = bmc.carry(proposal.openSessionRequest)
        #expect(throws: full) { _ = try next(7) }
        bmc.pass(.seconds(11))
        _ = try next(7)
        #expect(bmc.statistics.mostSessions == 2)
    }

    @Test("a step that is sent again is answered again, and takes no second slot")
    func repeatedSteps() throws {
        let bmc = try TestBMC()
        var console = TestConsole()
        // Every datagram arrives three times, and the console hears the last answer.
        try console.open { datagram in
            let answers = (0..<3).map { _ in bmc.carry(datagram) }
            #expect(Set(answers).count == 1)
            return answers.last ?? nil
        }
        #expect(bmc.state.ipmi.end.sessions.count == 1)
        #expect(bmc.statistics.sessions == 1)
        #expect(try console.perform(GetDeviceID(), bmc.carry).ipmiVersion == 0x02)
    }

    @Test("a step that is sent again with another tag is answered with that tag")
    func repeatedWithOtherTags() throws {
        let bmc = try TestBMC()
        var console = TestConsole()
        // The tag is the first byte behind RMCP's 4 and RMCP+'s 12.
        let place = 16
        try console.open { datagram in
            let first = bmc.carry(datagram)
            var second = datagram
            second[place] = 200
            var answer = bmc.carry(second)
            #expect(answer?[place] == 200)
            answer?[place] = datagram[place]
            #expect(answer == first)
            return first
        }
        #expect(bmc.state.ipmi.end.sessions.count == 1)
        #expect(try console.perform(GetDeviceID(), bmc.carry).ipmiVersion == 0x02)
    }
}
