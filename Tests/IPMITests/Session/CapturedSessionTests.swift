import IPMIWire
import Locking
import NIOCore
import Testing

@testable import IPMI

/// Our console in the place of another's: the BMC's packets as they were recorded, and ours that
/// have to be the other console's to the last byte.
@Suite struct CapturedSessionTests {
    private static let access = SessionAccess(
        username: Array(CapturedSession.username.utf8),
        userKey: Array(CapturedSession.password.utf8),
        bmcKey: nil, privilege: .administrator, suites: CipherSuite.offered)

    @Test(
        "a session that others had opens again, packet for packet",
        arguments: [CapturedSession.suite3, .suite17])
    func replay(capture: CapturedSession) throws {
        let random = Mutex<[[UInt8]]>([])
        var machine = SessionMachine(
            access: Self.access, suite: capture.suite, consoleID: CapturedSession.consoleID, tag: 0
        ) { count in
            random.withLock { $0.isEmpty ? Array(repeating: 0, count: count) : $0.removeFirst() }
        }

        // ipmitool asks for the highest level that there is, we for the one that we need.
        var expected = bytes(capture.openRequest)
        expected[17] = PrivilegeLevel.administrator.rawValue
        #expect(machine.opening() == expected)
        random.withLock { $0 = [bytes(capture.consoleRandom)] }
        #expect(machine.receive(bytes(capture.openResponse)) == .send(bytes(capture.rakp1)))
        #expect(machine.receive(bytes(capture.rakp2)) == .send(bytes(capture.rakp3)))
        #expect(machine.receive(bytes(capture.rakp4)) == .opened)

        // ipmitool's first packet has the number 3.
        let privilege = LANRequest(function: .application, command: 0x3B, sequence: 1, data: [4])
        for _ in 0..<2 { _ = try machine.seal(privilege) }
        random.withLock { $0 = [bytes(capture.privilege.vector)] }
        #expect(try machine.seal(privilege) == bytes(capture.privilege.request))
        #expect(
            machine.receive(bytes(capture.privilege.response))
                == .response(
                    LANResponse(
                        function: .application, command: 0x3B, sequence: 1, code: .ok, data: [4])))
        #expect(machine.receive(bytes(capture.privilege.response)) == .none)

        let deviceID = LANRequest(function: .application, command: 0x01, sequence: 3, data: [])
        _ = try machine.seal(deviceID)
        random.withLock { $0 = [bytes(capture.deviceID.vector)] }
        #expect(try machine.seal(deviceID) == bytes(capture.deviceID.request))
        #expect(
            machine.receive(bytes(capture.deviceID.response))
                == .response(
                    LANResponse(
                        function: .application, command: 0x01, sequence: 3, code: .ok,
                        data: bytes("000309 08029f 911200020f 00000000"))))
    }

    @Test(
        "the keys are those that the other console derived",
        arguments: [CapturedSession.suite3, .suite17])
    func keys(capture: CapturedSession) throws {
        var rakp2 = ByteBuffer(bytes: bytes(capture.rakp2).dropFirst(16))
        guard
            case .accepted(let bmcRandom, let guid, let code) =
                try RAKP2.read(from: &rakp2).outcome
        else {
            Issue.record("RAKP 2 is a refusal")
            return
        }
        var open = ByteBuffer(bytes: bytes(capture.openResponse).dropFirst(16))
        guard
            case .opened(let bmcID, capture.suite) =
                try OpenSessionResponse.read(from: &open).outcome
        else {
            Issue.record("the session is refused")
            return
        }
        let exchange = RAKPExchange(
            authentication: capture.suite.authentication, consoleID: CapturedSession.consoleID,
            bmcID: bmcID, consoleRandom: bytes(capture.consoleRandom), bmcRandom: bmcRandom,
            bmcGUID: guid, role: RAKP1.Role(privilege: .administrator),
            username: Self.access.username)
        #expect(exchange.rakp2Code(userKey: Self.access.userKey) == code)
        let sessionKey = exchange.sessionKey(bmcKey: Self.access.userKey)
        #expect(sessionKey == bytes(capture.sessionKey))
        let keys = SessionKeys(
            authentication: capture.suite.authentication, sessionKey: sessionKey)
        #expect(keys.integrity == bytes(capture.integrityKey))
        #expect(keys.confidentiality == Array(bytes(capture.secondKey).prefix(16)))
    }
}
