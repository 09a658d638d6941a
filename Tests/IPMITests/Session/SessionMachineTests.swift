import NIOCore
import Testing

import IPMIWire
@testable import IPMI

@Suite struct SessionMachineTests {
    private static let access = SessionAccess(
        username: Array("ADMIN".utf8), userKey: Array("ADMIN123".utf8), bmcKey: nil,
        privilege: .operator, suites: [.sha256, .sha1])

    /// The BMC's side, as far as the machine needs one.
    private struct Peer {
        var userKey = Array("ADMIN123".utf8)
        var bmcKey: [UInt8]?
        let suite: CipherSuite
        let guid = [UInt8](0x30..<0x40)
        let random = [UInt8](0x20..<0x30)
        var exchange: RAKPExchange?
        var keys: SessionKeys?

        static func packet(_ type: PayloadType, _ write: (inout ByteBuffer) -> Void) -> [UInt8] {
            var payload = ByteBuffer()
            write(&payload)
            var buffer = ByteBuffer()
            RMCPHeader(messageClass: .ipmi).write(into: &buffer)
            RMCPPlusPacket(payloadType: type, payload: payload.unread).write(into: &buffer)
            return buffer.unread
        }

        func payload(of datagram: [UInt8]) throws -> ByteBuffer {
            var buffer = ByteBuffer(bytes: datagram)
            _ = try RMCPHeader.read(from: &buffer)
            return ByteBuffer(
                bytes: try RMCPPlusPacket.read(from: &buffer, codeLength: 0).payload)
        }

        func answer(opening datagram: [UInt8]) throws -> [UInt8] {
            var payload = try payload(of: datagram)
            let request = try OpenSessionRequest.read(from: &payload)
            return Self.packet(.openSessionResponse) {
                OpenSessionResponse(
                    tag: request.tag, consoleID: request.consoleID,
                    outcome: .opened(bmcID: 77, suite)
                ).write(into: &$0)
            }
        }

        mutating func answer(rakp1 datagram: [UInt8], consoleID: UInt32) throws -> [UInt8] {
            var payload = try payload(of: datagram)
            let request = try RAKP1.read(from: &payload)
            let exchange = RAKPExchange(
                authentication: suite.authentication, consoleID: consoleID, bmcID: request.bmcID,
                consoleRandom: request.consoleRandom, bmcRandom: random, bmcGUID: guid,
                role: request.role, username: request.username)
            self.exchange = exchange
            return Self.packet(.rakp2) {
                RAKP2(
                    tag: request.tag, consoleID: consoleID,
                    outcome: .accepted(
                        random: random, guid: guid, code: exchange.rakp2Code(userKey: userKey))
                ).write(into: &$0)
            }
        }

        mutating func answer(rakp3 datagram: [UInt8], consoleID: UInt32) throws -> [UInt8] {
            var payload = try payload(of: datagram)
            let request = try RAKP3.read(from: &payload)
            let exchange = try #require(exchange)
            #expect(request.code == exchange.rakp3Code(userKey: userKey))
            let sessionKey = exchange.sessionKey(bmcKey: bmcKey ?? userKey)
            keys = SessionKeys(authentication: suite.authentication, sessionKey: sessionKey)
            return Self.packet(.rakp4) {
                RAKP4(
                    tag: request.tag, consoleID: consoleID,
                    code: exchange.rakp4Code(sessionKey: sessionKey)
                ).write(into: &$0)
            }
        }
    }

    private func machine(_ suite: CipherSuite) -> SessionMachine {
        SessionMachine(access: Self.access, suite: suite, consoleID: 9, tag: 3) { count in
            Array(repeating: 0x55, count: count)
        }
    }

    private func sent(_ action: SessionMachine.Action) throws -> [UInt8] {
        guard case .send(let datagram) = action else {
            Issue.record("\(action) where a packet was due")
            throw CancellationError()
        }
        return datagram
    }

    private func open(
        _ machine: inout SessionMachine, _ peer: inout Peer
    ) throws -> SessionMachine.Action {
        let rakp1 = try sent(machine.receive(peer.answer(opening: machine.opening())))
        let rakp3 = try sent(machine.receive(peer.answer(rakp1: rakp1, consoleID: 9)))
        return machine.receive(try peer.answer(rakp3: rakp3, consoleID: 9))
    }

    @Test(
        "a session opens, and carries commands and responses",
        arguments: [CipherSuite.sha1, .sha256])
    func life(suite: CipherSuite) throws {
        var machine = machine(suite)
        var peer = Peer(suite: suite)
        #expect(try open(&machine, &peer) == .opened)
        let keys = try #require(peer.keys)
        let request = LANRequest(function: .chassis, command: 1, sequence: 4, data: [])
        let datagram = try machine.seal(request)

        // The BMC's side of the session is the same code with the roles exchanged.
        var buffer = ByteBuffer(bytes: datagram)
        _ = try RMCPHeader.read(from: &buffer)
        let packet = try RMCPPlusPacket.read(
            from: &buffer, codeLength: suite.integrity.codeLength)
        #expect(packet.sessionID == 77 && packet.sequence == 1 && packet.isEncrypted)
        let seal = try #require(packet.seal)
        #expect(seal.code == suite.integrity.code(over: seal.covered, key: keys.integrity))
        var message = ByteBuffer(
            bytes: try suite.confidentiality.open(packet.payload, key: keys.confidentiality))
        #expect(try LANRequest.read(from: &message) == request)

        let response = LANResponse(
            function: .chassis, command: 1, sequence: 4, code: .ok, data: [1, 0, 0])
        let answer = try self.datagram(response, suite, keys, sequence: 1)
        // Each byte changed in turn changes nothing: not one is taken, and the true one still is.
        for index in answer.indices.dropFirst(4) {
            var forged = answer
            forged[index] ^= 1
            #expect(machine.receive(forged) == .none)
        }
        #expect(machine.receive(answer) == .response(response))
        #expect(machine.receive(answer) == .none)
    }

    private func datagram(
        _ response: LANResponse, _ suite: CipherSuite, _ keys: SessionKeys, sequence: UInt32
    ) throws -> [UInt8] {
        var message = ByteBuffer()
        response.write(into: &message)
        let payload = try suite.confidentiality.seal(
            message.unread, key: keys.confidentiality, vector: Array(repeating: 1, count: 16))
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        RMCPPlusPacket(
            payloadType: .ipmi, isEncrypted: true, sessionID: 9, sequence: sequence,
            payload: payload
        ).write(into: &buffer) { suite.integrity.code(over: $0, key: keys.integrity) }
        return buffer.unread
    }

    @Test("a wrong password, a wrong K_G and a refusal are told apart")
    func failures() throws {
        var first = machine(.sha1)
        var peer = Peer(userKey: Array("other".utf8), suite: .sha1)
        let rakp1 = try sent(first.receive(peer.answer(opening: first.opening())))
        #expect(
            first.receive(try peer.answer(rakp1: rakp1, consoleID: 9)) == .failed(.wrongPassword))

        var second = machine(.sha1)
        peer = Peer(bmcKey: Array("K_G".utf8), suite: .sha1)
        #expect(try open(&second, &peer) == .failed(.wrongBMCKey))

        var third = machine(.sha1)
        peer = Peer(suite: .sha1)
        _ = try sent(third.receive(peer.answer(opening: third.opening())))
        let refusal = Peer.packet(.rakp2) {
            RAKP2(tag: 3, consoleID: 9, outcome: .refused(.unauthorisedName)).write(into: &$0)
        }
        #expect(
            third.receive(refusal)
                == .failed(.refused(step: "RAKP 1", .unauthorisedName)))

        var fourth = machine(.sha256)
        peer = Peer(suite: .sha1)
        #expect(
            fourth.receive(try peer.answer(opening: fourth.opening()))
                == .failed(.otherSuite(.sha1)))
    }

    @Test("answers to other questions change nothing while a session opens")
    func strangers() throws {
        var machine = machine(.sha1)
        let peer = Peer(suite: .sha1)
        let wrongTag = Peer.packet(.openSessionResponse) {
            OpenSessionResponse(tag: 4, consoleID: 9, outcome: .opened(bmcID: 5, .sha1))
                .write(into: &$0)
        }
        let wrongID = Peer.packet(.openSessionResponse) {
            OpenSessionResponse(tag: 3, consoleID: 8, outcome: .refused(.outOfResources))
                .write(into: &$0)
        }
        for datagram in [
            wrongTag, wrongID, [], [6, 0, 0xFF, 7], Array(repeating: 0xFF, count: 99),
        ] {
            #expect(machine.receive(datagram) == .none)
        }
        _ = try sent(machine.receive(peer.answer(opening: machine.opening())))
    }
}
