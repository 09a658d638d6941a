internal import IPMIWire
internal import NIOCore

/// The console's side of one session with a BMC: packets in, packets and outcomes out. Does no I/O
/// and knows no clock: sending again after silence is the transport's business, with the bytes
/// that it was given.
///
/// A packet that is not authentic, not new, or not expected changes nothing and is answered by
/// ``Action/none``: over UDP it may come from anybody.
struct SessionMachine: Sendable {
    /// What a packet brought about.
    enum Action: Hashable, Sendable {
        case none
        /// The next step of the opening.
        case send([UInt8])
        case opened
        case failed(SessionFailure)
        case response(LANResponse)
    }

    private enum State: Sendable {
        case proposing(OpenSessionRequest)
        case naming(RAKP1)
        case proving(RAKP3, RAKP1, RAKPExchange, sessionKey: [UInt8])
        case active(SessionProtection)
        case ended
    }

    private let access: SessionAccess
    private let suite: CipherSuite
    /// Our own ID of the session, which is random.
    let consoleID: UInt32
    /// Random bytes, unpredictable and new at each call; a test gives known ones.
    private let random: @Sendable (Int) -> [UInt8]
    private var state: State

    /// - Parameters:
    ///   - consoleID: By which the BMC's packets will be told apart; not 0.
    ///   - tag: Goes into the opening's messages and comes back.
    init(
        access: SessionAccess, suite: CipherSuite, consoleID: UInt32, tag: UInt8,
        random: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.access = access
        self.suite = suite
        self.consoleID = consoleID
        self.random = random
        state = .proposing(
            OpenSessionRequest(
                tag: tag, privilege: access.privilege, consoleID: consoleID, suite: suite))
    }

    var isActive: Bool {
        if case .active = state { true } else { false }
    }

    /// The ID by which the BMC knows the session; nil unless one is open.
    var bmcID: UInt32? {
        if case .active(let session) = state { session.peerID } else { nil }
    }

    /// The first packet of the opening.
    func opening() -> [UInt8] {
        guard case .proposing = state else { return [] }
        return question
    }

    /// The packet whose answer the opening waits for; empty once it is over.
    var question: [UInt8] {
        switch state {
        case .proposing(let request):
            Self.packet(.openSessionRequest) { request.write(into: &$0) }
        case .naming(let request): Self.packet(.rakp1) { request.write(into: &$0) }
        case .proving(let request, _, _, _): Self.packet(.rakp3) { request.write(into: &$0) }
        case .active, .ended: []
        }
    }

    /// What ``question`` is called.
    var step: String {
        switch state {
        case .proposing: Step.openSession
        case .naming: Step.rakp1
        case .proving: Step.rakp3
        case .active, .ended: ""
        }
    }

    /// The steps' names, as they stand in errors.
    enum Step {
        static let openSession = "open session"
        static let rakp1 = "RAKP 1"
        static let rakp3 = "RAKP 3"
    }

    /// Whether no answer to the proposal has come.
    var isProposing: Bool {
        if case .proposing = state { true } else { false }
    }

    /// Whether RAKP 2 is waited for.
    var isNaming: Bool {
        if case .naming = state { true } else { false }
    }

    /// A command as a packet. A repetition is sealed anew, for a BMC drops a number it has seen.
    /// - Throws: ``SessionFailure/cipher`` if no session is open.
    mutating func seal(_ request: LANRequest) throws(SessionFailure) -> [UInt8] {
        guard case .active(var session) = state else { throw .cipher }
        defer { state = .active(session) }
        var message = ByteBuffer()
        request.write(into: &message)
        do throws(CipherError) {
            return try session.seal(message.unread, vector: random(16))
        } catch {
            throw .cipher
        }
    }

    /// No packet is taken any more.
    mutating func end() {
        state = .ended
    }

    /// Takes a datagram from the BMC's address.
    mutating func receive(_ datagram: [UInt8]) -> Action {
        var buffer = ByteBuffer(bytes: datagram)
        do {
            guard try RMCPHeader.read(from: &buffer).messageClass == .ipmi else { return .none }
            if case .active(var session) = state {
                defer { state = .active(session) }
                var message = ByteBuffer(bytes: try session.open(&buffer))
                // Where the packet's code is right, the message's checksums tell nothing more;
                // Supermicro's X9 has them wrong.
                return .response(
                    try LANResponse.read(
                        from: &message, isProtected: suite.integrity != .none))
            }
            let packet = try RMCPPlusPacket.read(from: &buffer, codeLength: 0)
            guard packet.sessionID == 0, packet.seal == nil, !packet.isEncrypted else {
                return .none
            }
            return try receive(packet)
        } catch {
            return .none
        }
    }

    private mutating func receive(_ packet: RMCPPlusPacket) throws(IPMIWireError) -> Action {
        var payload = ByteBuffer(bytes: packet.payload)
        switch (state, packet.payloadType) {
        case (.proposing(let request), .openSessionResponse):
            return receive(try OpenSessionResponse.read(from: &payload), to: request)
        case (.naming(let request), .rakp2):
            return receive(try RAKP2.read(from: &payload), to: request)
        case (.proving(_, let request, let exchange, _), .rakp2):
            // RAKP 1 was sent again: the BMC may go by what it answered last.
            let response = try RAKP2.read(from: &payload)
            guard case .accepted(let random, _, _) = response.outcome, random != exchange.bmcRandom
            else { return .none }
            var later = self
            let action = later.receive(response, to: request)
            guard case .send = action else { return .none }
            self = later
            return action
        case (.proving(let request, _, let exchange, let sessionKey), .rakp4):
            return receive(
                try RAKP4.read(from: &payload), to: request, exchange, sessionKey: sessionKey)
        default:
            return .none
        }
    }

    private mutating func receive(
        _ response: OpenSessionResponse, to request: OpenSessionRequest
    ) -> Action {
        if case .refused(let status) = response.outcome {
            return refuse(step: Step.openSession, status, to: response.consoleID)
        }
        guard response.tag == request.tag, response.consoleID == consoleID else { return .none }
        switch response.outcome {
        case .refused: return .none
        case .opened(_, let chosen) where chosen != suite: return fail(.otherSuite(chosen))
        case .opened(let bmcID, _):
            let next = RAKP1(
                tag: request.tag, bmcID: bmcID, consoleRandom: random(16),
                role: RAKP1.Role(privilege: access.privilege), username: access.username)
            state = .naming(next)
            return .send(question)
        }
    }

    private mutating func receive(_ response: RAKP2, to request: RAKP1) -> Action {
        if case .refused(let status) = response.outcome {
            return refuse(step: Step.rakp1, status, to: response.consoleID)
        }
        guard response.tag == request.tag, response.consoleID == consoleID else { return .none }
        switch response.outcome {
        case .refused: return .none
        case .accepted(let random, let guid, let code):
            let exchange = RAKPExchange(
                authentication: suite.authentication, consoleID: consoleID, bmcID: request.bmcID,
                consoleRandom: request.consoleRandom, bmcRandom: random, bmcGUID: guid,
                role: request.role, username: request.username)
            let expected = exchange.rakp2Code(userKey: access.userKey)
            switch CodeMatch(code, expected) {
            case .same: break
            case .short: return fail(.shortCode(step: Step.rakp1))
            case .blank: return fail(.blankCode(step: Step.rakp1))
            case .different:
                return fail(access.userKey.count > 16 ? .wrongLongPassword : .wrongPassword)
            }
            let next = RAKP3(
                tag: request.tag, bmcID: request.bmcID,
                code: exchange.rakp3Code(userKey: access.userKey))
            let sessionKey = exchange.sessionKey(bmcKey: access.bmcKey ?? access.userKey)
            state = .proving(next, request, exchange, sessionKey: sessionKey)
            return .send(question)
        }
    }

    private mutating func receive(
        _ response: RAKP4, to request: RAKP3, _ exchange: RAKPExchange, sessionKey: [UInt8]
    ) -> Action {
        guard response.status == .ok else {
            return refuse(step: Step.rakp3, response.status, to: response.consoleID)
        }
        guard response.tag == request.tag, response.consoleID == consoleID else { return .none }
        switch CodeMatch(response.code, exchange.rakp4Code(sessionKey: sessionKey)) {
        case .same: break
        case .short: return fail(.shortCode(step: Step.rakp3))
        case .blank: return fail(.blankCode(step: Step.rakp3))
        case .different: return fail(.wrongBMCKey)
        }
        let keys = SessionKeys(authentication: suite.authentication, sessionKey: sessionKey)
        state = .active(
            SessionProtection(suite: suite, keys: keys, ownID: consoleID, peerID: request.bmcID))
        return .opened
    }

    /// A refusal may come with any tag, and without our ID: OpenBMC, and what descends from it, sends
    /// both as 0. The caller waits for better.
    private mutating func refuse(
        step: String, _ status: RMCPPlusStatus, to id: UInt32
    ) -> Action {
        id == consoleID || id == 0 ? fail(.refused(step: step, status)) : .none
    }

    private mutating func fail(_ failure: SessionFailure) -> Action {
        state = .ended
        return .failed(failure)
    }

    /// A packet outside of a session.
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
