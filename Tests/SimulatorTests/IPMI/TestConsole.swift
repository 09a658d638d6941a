import Core
import IPMIWire
import NIOCore

@testable import Simulator

/// The console's side of one session, for a test that looks at every packet.
struct TestConsole {
    var suite = CipherSuite.sha256
    var username = "admin"
    var password = "secret"
    var bmcKey: String?
    var privilege = PrivilegeLevel.administrator
    /// By which the BMC's packets are told apart.
    var consoleID: UInt32 = 0xC0DE_0001
    private var protection: SessionProtection?
    private(set) var sessionID: UInt32 = 0
    private var sequence: UInt8 = 0

    /// Brings a datagram to the BMC; nil is silence.
    typealias Carrier = ([UInt8]) -> [UInt8]?

    enum Failure: Error, Hashable {
        case silence
        case refused(step: String, RMCPPlusStatus)
        case wrongCode(step: String)
    }

    struct Answer: Equatable {
        let code: CompletionCode
        let data: [UInt8]
    }

    // MARK: - The opening

    var openSessionRequest: [UInt8] {
        let request = OpenSessionRequest(
            tag: 1, privilege: privilege, consoleID: consoleID, suite: suite)
        return Self.packet(.openSessionRequest) { request.write(into: &$0) }
    }

    /// Opens the session, raised to nothing yet.
    mutating func open(_ carry: Carrier) throws {
        let proposed = try Self.payload(carry(openSessionRequest)) {
            try OpenSessionResponse.read(from: &$0)
        }
        guard case .opened(let id, _) = proposed.outcome else {
            guard case .refused(let status) = proposed.outcome else { return }
            throw Failure.refused(step: "open session", status)
        }
        sessionID = id
        let rakp1 = rakp1(random: Array(1...16))
        let named = try Self.payload(carry(Self.packet(.rakp1) { rakp1.write(into: &$0) })) {
            try RAKP2.read(from: &$0)
        }
        guard case .accepted(let random, let guid, let code) = named.outcome else {
            guard case .refused(let status) = named.outcome else { return }
            throw Failure.refused(step: "RAKP 1", status)
        }
        let exchange = RAKPExchange(
            authentication: suite.authentication, consoleID: consoleID, bmcID: id,
            consoleRandom: rakp1.consoleRandom, bmcRandom: random, bmcGUID: guid,
            role: rakp1.role, username: rakp1.username)
        let key = Array(password.utf8)
        // A console that does not know the password goes on here, to see what the BMC does.
        let knowsPassword = code == exchange.rakp2Code(userKey: key)
        let rakp3 = RAKP3(tag: 3, bmcID: id, code: exchange.rakp3Code(userKey: key))
        let proven = try Self.payload(carry(Self.packet(.rakp3) { rakp3.write(into: &$0) })) {
            try RAKP4.read(from: &$0)
        }
        guard proven.status == .ok else {
            throw Failure.refused(step: "RAKP 3", proven.status)
        }
        let sessionKey = exchange.sessionKey(bmcKey: bmcKey.map { Array($0.utf8) } ?? key)
        guard knowsPassword, proven.code == exchange.rakp4Code(sessionKey: sessionKey) else {
            throw Failure.wrongCode(step: "RAKP 4")
        }
        protection = SessionProtection(
            suite: suite,
            keys: SessionKeys(authentication: suite.authentication, sessionKey: sessionKey),
            ownID: consoleID, peerID: id)
    }

    func rakp1(random: [UInt8]) -> RAKP1 {
        RAKP1(
            tag: 2, bmcID: sessionID, consoleRandom: random, role: RAKP1.Role(privilege: privilege),
            username: Array(username.utf8))
    }

    // MARK: - Commands

    /// A command as a datagram; each one is sealed anew.
    mutating func datagram(
        _ function: UInt8, _ command: UInt8, _ data: [UInt8] = [], sequence: UInt8
    ) throws -> [UInt8] {
        let head = [LANRequest.bmcAddress, function << 2]
        let body = [LANRequest.consoleAddress, sequence << 2, command] + data
        let message = head + [checksum(head)] + body + [checksum(body)]
        let vector = (0..<16).map { _ in UInt8.random(in: 0 ... .max) }
        return try protection?.seal(message, vector: vector) ?? []
    }

    mutating func answer(in datagram: [UInt8]?) throws -> Answer {
        guard let datagram else { throw Failure.silence }
        var buffer = ByteBuffer(bytes: datagram)
        _ = try RMCPHeader.read(from: &buffer)
        var message = ByteBuffer(bytes: try protection?.open(&buffer) ?? [])
        let body = try LANMessage.read(from: &message).data
        return Answer(
            code: CompletionCode(rawValue: body.first ?? 0xFF), data: Array(body.dropFirst()))
    }

    mutating func perform(
        _ function: UInt8, _ command: UInt8, _ data: [UInt8] = [], _ carry: Carrier
    ) throws -> Answer {
        sequence = (sequence + 1) % 64
        let datagram = try datagram(function, command, data, sequence: sequence)
        return try answer(in: carry(datagram))
    }

    /// Asks and reads the answer, which has to be `ok`.
    mutating func perform<Command: IPMICommand>(
        _ command: Command, _ carry: Carrier
    ) throws -> Command.Response {
        let answer = try code(of: command, carry)
        guard answer.code == .ok else { throw Refused(code: answer.code) }
        var buffer = ByteBuffer(bytes: answer.data)
        return try Command.Response.read(from: &buffer)
    }

    struct Refused: Error, Hashable {
        let code: CompletionCode
    }

    mutating func code<Command: IPMICommand>(
        of command: Command, _ carry: Carrier
    ) throws -> Answer {
        var data = ByteBuffer()
        command.write(into: &data)
        return try perform(Command.function.rawValue, Command.code, data.unread, carry)
    }

    // MARK: - Packets

    static func packet(
        _ type: PayloadType, _ write: (inout ByteBuffer) -> Void
    ) -> [UInt8] {
        var payload = ByteBuffer()
        write(&payload)
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        RMCPPlusPacket(payloadType: type, payload: payload.unread).write(into: &buffer)
        return buffer.unread
    }

    static func payload<Payload>(
        _ datagram: [UInt8]?, _ read: (inout ByteBuffer) throws -> Payload
    ) throws -> Payload {
        guard let datagram else { throw Failure.silence }
        var buffer = ByteBuffer(bytes: datagram)
        _ = try RMCPHeader.read(from: &buffer)
        var payload = ByteBuffer(
            bytes: try RMCPPlusPacket.read(from: &buffer, codeLength: 0).payload)
        return try read(&payload)
    }

    /// Asks outside of any session, in the format of IPMI v1.5.
    static func ask<Command: IPMICommand>(
        _ command: Command, _ carry: Carrier
    ) throws -> Command.Response {
        var data = ByteBuffer()
        command.write(into: &data)
        var message = ByteBuffer()
        LANRequest(
            function: Command.function, command: Command.code, sequence: 1, data: data.unread
        ).write(into: &message)
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        SessionlessPacket(message: message.unread).write(into: &buffer)
        guard let reply = carry(buffer.unread) else { throw Failure.silence }
        var answer = ByteBuffer(bytes: reply)
        _ = try RMCPHeader.read(from: &answer)
        var inner = ByteBuffer(bytes: try SessionlessPacket.read(from: &answer).message)
        let response = try LANResponse.read(from: &inner)
        guard response.code == .ok else { throw Refused(code: response.code) }
        var body = ByteBuffer(bytes: response.data)
        return try Command.Response.read(from: &body)
    }
}
