import IPMIWire
import NIOCore

/// A BMC without a network: datagrams in, datagrams out, and a record of what it was asked.
struct SessionBMC: Sendable {
    var username = "ADMIN"
    var userKey = Array("ADMIN123".utf8)
    var bmcKey: [UInt8]?
    var spoken: [CipherSuite] = [.sha256, .sha1]
    /// Nil says nothing to Get Channel Cipher Suites.
    var listed: [CipherSuite]? = [.sha1, .sha256]
    var listsInPlainFormatOnly = false
    var speaksVersion2 = true
    var isSilent = false
    /// How often a proposal is refused for want of slots.
    var shortages = 0
    /// How often it has forgotten by RAKP 3 what was being opened.
    var lostThreads = 0
    /// What refuses the user name.
    var nameRefusal: RMCPPlusStatus?
    /// What the user may have at the most; what asks for more is refused as if it were not known.
    var userLimit = PrivilegeLevel.administrator
    /// What refuses a suite's proposal.
    var suiteRefusals: [CipherSuite: RMCPPlusStatus] = [:]
    /// Whether the checksums of messages in a session are wrong.
    var spoilsChecksums = false
    /// The codes with which the next commands in a session are answered, then `ok`.
    var codes: [CompletionCode] = []
    /// Whether the data of answers in a session is left out.
    var isTerse = false
    /// Commands in a session to which it says nothing.
    var ignores: Set<UInt8> = []
    /// The codes with which requests for privilege are answered, then `ok`.
    var privilegeCodes: [CompletionCode] = []

    /// Whether RAKP 1 gets a new random number each time, and the one before is forgotten.
    var renewsRandom = false
    /// How many sessions there may be, the ones that are being opened among them.
    var slotLimit: Int?
    private var slots: Set<UInt32> = []

    private(set) var proposals: [CipherSuite] = []
    private(set) var namings = 0
    private(set) var listings = 0
    /// Commands that were carried out in sessions, privilege and closing not among them.
    private(set) var done: [UInt8] = []
    /// Packets in a session that were new and authentic.
    private(set) var taken = 0
    private(set) var closings = 0
    /// How many packets came, whatever they held.
    private(set) var received = 0

    private var lastID: UInt32 = 76
    private var consoleID: UInt32 = 0
    private var suite = CipherSuite.sha256
    private var exchange: RAKPExchange?
    private var session: SessionProtection?

    /// What a real one does when it starts anew.
    mutating func dropSession() { session = nil }

    var hasSession: Bool { session != nil }

    mutating func answer(_ datagram: [UInt8]) -> [[UInt8]] {
        received += 1
        guard !isSilent else { return [] }
        do {
            var buffer = ByteBuffer(bytes: datagram)
            _ = try RMCPHeader.read(from: &buffer)
            if session != nil {
                var inner = buffer
                if let message = try? session?.open(&inner) {
                    return try answer(message).map { [$0] } ?? []
                }
            }
            guard buffer.getInteger(at: buffer.readerIndex) == RMCPPlusPacket.format else {
                let packet = try SessionlessPacket.read(from: &buffer)
                return try answer(sessionless: packet.message).map { message in
                    [Self.datagram { SessionlessPacket(message: message).write(into: &$0) }]
                } ?? []
            }
            let packet = try RMCPPlusPacket.read(from: &buffer, codeLength: 0)
            guard packet.sessionID == 0 else { return [] }
            var payload = ByteBuffer(bytes: packet.payload)
            switch packet.payloadType {
            case .ipmi where listsInPlainFormatOnly: return []
            case .ipmi:
                return try answer(sessionless: packet.payload).map { message in
                    [Self.packet(.ipmi, message)]
                } ?? []
            case .openSessionRequest: return [answer(try OpenSessionRequest.read(from: &payload))]
            case .rakp1: return [answer(try RAKP1.read(from: &payload))]
            case .rakp3: return [answer(try RAKP3.read(from: &payload))]
            default: return []
            }
        } catch {
            return []
        }
    }

    // MARK: Sessions

    private mutating func answer(_ request: OpenSessionRequest) -> [UInt8] {
        proposals.append(request.suite)
        consoleID = request.consoleID
        lastID += 1
        suite = request.suite
        var outcome = OpenSessionResponse.Outcome.opened(bmcID: lastID, suite)
        if shortages > 0 {
            shortages -= 1
            outcome = .refused(.outOfResources)
        } else if let status = suiteRefusals[suite] {
            outcome = .refused(status)
        } else if !spoken.contains(suite) {
            outcome = .refused(.noMatchingAuthentication)
        } else if let slotLimit, slots.count >= slotLimit {
            outcome = .refused(.outOfResources)
        } else {
            slots.insert(lastID)
        }
        return Self.packet(.openSessionResponse) {
            OpenSessionResponse(tag: request.tag, consoleID: consoleID, outcome: outcome)
                .write(into: &$0)
        }
    }

    private mutating func answer(_ request: RAKP1) -> [UInt8] {
        namings += 1
        let known =
            request.username == Array(username.utf8) && request.role.privilege <= userLimit
        let refusal = nameRefusal ?? (known ? nil : .unauthorisedName)
        let exchange = RAKPExchange(
            authentication: suite.authentication, consoleID: consoleID, bmcID: request.bmcID,
            consoleRandom: request.consoleRandom,
            bmcRandom: (0..<16).map { 0x20 + $0 + (renewsRandom ? UInt8(namings) : 0) },
            bmcGUID: [UInt8](0x30..<0x40), role: request.role, username: request.username)
        self.exchange = exchange
        let outcome =
            refusal.map { RAKP2.Outcome.refused($0) }
            ?? .accepted(
                random: exchange.bmcRandom, guid: exchange.bmcGUID,
                code: exchange.rakp2Code(userKey: userKey))
        return Self.packet(.rakp2) {
            RAKP2(tag: request.tag, consoleID: consoleID, outcome: outcome).write(into: &$0)
        }
    }

    private mutating func answer(_ request: RAKP3) -> [UInt8] {
        if lostThreads > 0 {
            lostThreads -= 1
            return Self.packet(.rakp4) {
                RAKP4(
                    tag: request.tag, status: .inactiveSessionID, consoleID: consoleID, code: []
                ).write(into: &$0)
            }
        }
        guard let exchange, request.code == exchange.rakp3Code(userKey: userKey) else {
            if renewsRandom, let exchange {
                slots.remove(exchange.bmcID)
                self.exchange = nil
            }
            return Self.packet(.rakp4) {
                RAKP4(
                    tag: request.tag, status: .invalidIntegrityCheck, consoleID: consoleID, code: []
                ).write(into: &$0)
            }
        }
        let sessionKey = exchange.sessionKey(bmcKey: bmcKey ?? userKey)
        session = SessionProtection(
            suite: suite,
            keys: SessionKeys(authentication: suite.authentication, sessionKey: sessionKey),
            ownID: exchange.bmcID, peerID: consoleID)
        return Self.packet(.rakp4) {
            RAKP4(
                tag: request.tag, consoleID: consoleID,
                code: exchange.rakp4Code(sessionKey: sessionKey)
            ).write(into: &$0)
        }
    }

    // MARK: Commands

    private mutating func answer(_ message: [UInt8]) throws -> [UInt8]? {
        taken += 1
        var buffer = ByteBuffer(bytes: message)
        let request = try LANRequest.read(from: &buffer)
        var code = CompletionCode.ok
        var data: [UInt8] = []
        var isClosing = false
        switch (request.function, request.command) {
        case (.application, SetSessionPrivilegeLevel.code):
            code = privilegeCodes.isEmpty ? .ok : privilegeCodes.removeFirst()
            data = request.data
        case (.application, CloseSession.code):
            closings += 1
            isClosing = true
        case (_, let command) where ignores.contains(command):
            return nil
        default:
            code = codes.isEmpty ? .ok : codes.removeFirst()
            if code == .ok { done.append(request.command) }
            data = isTerse ? [] : request.data
        }
        var response = ByteBuffer()
        LANResponse(
            function: request.function, command: request.command, sequence: request.sequence,
            code: code, data: code == .ok ? data : []
        ).write(into: &response)
        var bytes = response.unread
        if spoilsChecksums {
            bytes[2] ^= 0xFF
            bytes[bytes.count - 1] ^= 0xFF
        }
        let answer = try session?.seal(bytes, vector: Array(repeating: 7, count: 16))
        if isClosing {
            slots = slots.filter { $0 != exchange?.bmcID }
            session = nil
        }
        return answer
    }

    private mutating func answer(sessionless message: [UInt8]) throws -> [UInt8]? {
        var buffer = ByteBuffer(bytes: message)
        let request = try LANRequest.read(from: &buffer)
        var data = ByteBuffer()
        switch request.command {
        case GetChannelAuthenticationCapabilities.code:
            GetChannelAuthenticationCapabilities.Response(
                isExtended: speaksVersion2, speaksVersion2: speaksVersion2
            ).write(into: &data)
        case GetChannelCipherSuites.code:
            listings += 1
            guard let listed else { return nil }
            var records = ByteBuffer()
            for suite in listed { CipherSuiteRecord(suite).write(into: &records) }
            let index = Int(request.data.last.map { $0 & 0x3F } ?? 0)
            let part = records.unread.dropFirst(index * 16).prefix(16)
            GetChannelCipherSuites.Response(records: Array(part)).write(into: &data)
        default: return nil
        }
        var response = ByteBuffer()
        LANResponse(
            function: request.function, command: request.command, sequence: request.sequence,
            code: .ok, data: data.unread
        ).write(into: &response)
        return response.unread
    }

    // MARK: Packets

    static func packet(_ type: PayloadType, _ write: (inout ByteBuffer) -> Void) -> [UInt8] {
        var payload = ByteBuffer()
        write(&payload)
        return packet(type, payload.unread)
    }

    static func packet(_ type: PayloadType, _ payload: [UInt8]) -> [UInt8] {
        datagram { RMCPPlusPacket(payloadType: type, payload: payload).write(into: &$0) }
    }

    private static func datagram(_ write: (inout ByteBuffer) -> Void) -> [UInt8] {
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        write(&buffer)
        return buffer.unread
    }
}
