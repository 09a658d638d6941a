@testable internal import IPMI
internal import IPMIWire
internal import NIOCore

/// A console's session into which others send packets, at each of its stages.
enum FuzzedSession {
    static let all: [@Sendable ([UInt8]) -> Void] =
        stages.map { stage in { @Sendable bytes in stage.takeDatagram(bytes) } }
        + stages.map { stage in { @Sendable bytes in stage.takePayload(bytes) } }
        + [takeMessage, openPayload, openDatagram]

    /// A session that waits for a packet.
    private struct Stage: Sendable {
        let machine: SessionMachine
        /// What it waits for.
        let due: [UInt8]
        let payloadType: PayloadType

        /// What comes as it is. What changes nothing has to leave the session able to go on.
        func takeDatagram(_ datagram: [UInt8]) {
            var machine = machine
            let isActive = machine.isActive
            let action = machine.receive(datagram)
            if isActive {
                precondition(action == .none || datagram.starts(with: due), "taken: \(action)")
            }
            guard action == .none else { return }
            precondition(machine.receive(due) != .none, "the session was upset")
        }

        /// The payload of a packet that is right up to there.
        func takePayload(_ payload: [UInt8]) {
            takeDatagram(FuzzedSession.packet(payloadType) { $0.writeBytes(payload) })
        }
    }

    // MARK: Behind the protection

    /// A BMC's message that is protected as agreed.
    private static let takeMessage: @Sendable ([UInt8]) -> Void = { message in
        var machine = ends.machine
        var bmc = ends.bmc
        guard let datagram = try? bmc.seal(message, vector: vector) else {
            preconditionFailure("nothing sealed")
        }
        _ = machine.receive(datagram)
        _ = machine.receive(datagram)
    }

    private static let openPayload: @Sendable ([UInt8]) -> Void = { payload in
        _ = try? CipherSuite.Confidentiality.aesCBC128.open(payload, key: vector)
    }

    /// The BMC's end, which reads what consoles send.
    private static let openDatagram: @Sendable ([UInt8]) -> Void = { datagram in
        var bmc = ends.bmc
        var buffer = ByteBuffer(bytes: datagram)
        precondition((try? bmc.open(&buffer)) == nil, "a forged packet was taken")
    }

    // MARK: A session that opens

    private static let ends = (machine: stages[3].machine, bmc: protection)

    private static let suite = CipherSuite.sha256
    private static let consoleID: UInt32 = 0x0102_0304
    private static let bmcID: UInt32 = 77
    private static let vector = [UInt8](0..<16)
    private static let access = SessionAccess(
        username: Array("admin".utf8), userKey: Array("interop-hush".utf8), bmcKey: nil,
        privilege: .operator, suites: [suite])

    private static let exchange = RAKPExchange(
        authentication: suite.authentication, consoleID: consoleID, bmcID: bmcID,
        consoleRandom: vector, bmcRandom: vector, bmcGUID: vector,
        role: RAKP1.Role(privilege: .operator), username: access.username)
    private static let sessionKey = exchange.sessionKey(bmcKey: access.userKey)
    private static let protection = SessionProtection(
        suite: suite,
        keys: SessionKeys(authentication: suite.authentication, sessionKey: sessionKey),
        ownID: bmcID, peerID: consoleID)

    private static let stages: [Stage] = {
        let openResponse = packet(.openSessionResponse) {
            OpenSessionResponse(tag: 0, consoleID: consoleID, outcome: .opened(bmcID: bmcID, suite))
                .write(into: &$0)
        }
        let rakp2 = packet(.rakp2) {
            RAKP2(
                tag: 0, consoleID: consoleID,
                outcome: .accepted(
                    random: vector, guid: vector,
                    code: exchange.rakp2Code(userKey: access.userKey))
            ).write(into: &$0)
        }
        let rakp4 = packet(.rakp4) {
            RAKP4(
                tag: 0, consoleID: consoleID, code: exchange.rakp4Code(sessionKey: sessionKey)
            ).write(into: &$0)
        }
        var bmc = protection
        var message = ByteBuffer()
        LANResponse(function: .chassis, command: 1, sequence: 1, code: .ok, data: [1, 0, 0])
            .write(into: &message)
        let response = (try? bmc.seal(message.unread, vector: vector)) ?? []
        let due: [(PayloadType, [UInt8])] = [
            (.openSessionResponse, openResponse), (.rakp2, rakp2), (.rakp4, rakp4),
            (.ipmi, response),
        ]
        var machine = SessionMachine(
            access: access, suite: suite, consoleID: consoleID, tag: 0
        ) { _ in vector }
        var stages: [Stage] = []
        for (payloadType, packet) in due {
            stages.append(Stage(machine: machine, due: packet, payloadType: payloadType))
            _ = machine.receive(packet)
        }
        precondition(stages[3].machine.isActive, "the session did not open")
        return stages
    }()

    private static func packet(
        _ type: PayloadType, _ write: (inout ByteBuffer) -> Void
    ) -> [UInt8] {
        var payload = ByteBuffer()
        write(&payload)
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        RMCPPlusPacket(payloadType: type, payload: payload.unread).write(into: &buffer)
        return buffer.unread
    }
}
