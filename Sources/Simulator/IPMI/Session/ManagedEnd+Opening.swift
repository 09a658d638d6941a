internal import IPMIWire
internal import NIOCore

/// The steps by which a session is opened (IPMI v2.0 13.17 to 13.24).
extension ManagedEnd {
    /// - Returns: the datagram that answers the step; nil if there is none.
    mutating func receiveStep(
        _ packet: RMCPPlusPacket, at now: IPMIMoment
    ) throws(IPMIWireError) -> [UInt8]? {
        var payload = ByteBuffer(bytes: packet.payload)
        switch packet.payloadType {
        case .openSessionRequest:
            return try propose(&payload, at: now)
        case .rakp1:
            let message = try RAKP1.read(from: &payload)
            return repeated(packet.payload, of: message.bmcID, as: .rakp2)
                ?? name(message, packet, at: now)
        case .rakp3:
            let message = try RAKP3.read(from: &payload)
            return repeated(packet.payload, of: message.bmcID, as: .rakp4)
                ?? prove(message, packet, at: now)
        default:
            throw .invalid("payload type")
        }
    }

    /// The answer that a step got before.
    private func repeated(
        _ message: [UInt8], of id: UInt32, as type: PayloadType
    ) -> [UInt8]? {
        sessions[id]?.lastStep?.answer(to: message).map { Self.packet(type, $0) }
    }

    // MARK: - Open Session

    private mutating func propose(
        _ payload: inout ByteBuffer, at now: IPMIMoment
    ) throws(IPMIWireError) -> [UInt8] {
        let message = payload.unread
        for session in sessions.values where !session.isActive {
            if let answer = repeated(message, of: session.id, as: .openSessionResponse) {
                return answer
            }
        }
        let request: OpenSessionRequest
        do throws(IPMIWireError) {
            request = try OpenSessionRequest.read(from: &payload)
        } catch {
            return try refuseUnknownSuite(message)
        }
        let status: RMCPPlusStatus? =
            if !access.suites.contains(request.suite) {
                .noMatchingSuite
            } else if slotsInUse >= access.sessionLimit {
                .outOfResources
            } else {
                nil
            }
        if let status { return refuseProposal(request.tag, request.consoleID, status) }
        var session = ManagedSession(
            id: freshID(), consoleID: request.consoleID, suite: request.suite,
            limit: request.privilege ?? .administrator, lastUse: now.uptime)
        let response = OpenSessionResponse(
            tag: request.tag, privilege: session.limit, consoleID: request.consoleID,
            outcome: .opened(bmcID: session.id, request.suite))
        let answer = Self.payload { response.write(into: &$0) }
        session.lastStep = ManagedSession.Step(message: message, answer: answer)
        setSession(session)
        return Self.packet(.openSessionResponse, answer)
    }

    // Who proposes algorithms that nobody knows is told so, and not left waiting.
    private mutating func refuseUnknownSuite(_ message: [UInt8]) throws(IPMIWireError) -> [UInt8] {
        var payload = ByteBuffer(bytes: message)
        let tag: UInt8 = try payload.take("message tag")
        try payload.skip("privilege level", count: 3)
        return refuseProposal(tag, try payload.take("console's session ID"), .noMatchingSuite)
    }

    private mutating func refuseProposal(
        _ tag: UInt8, _ consoleID: UInt32, _ status: RMCPPlusStatus
    ) -> [UInt8] {
        statistics.refusedOpenings += 1
        let response = OpenSessionResponse(
            tag: tag, consoleID: consoleID, outcome: .refused(status))
        return Self.packet(.openSessionResponse) { response.write(into: &$0) }
    }

    private func freshID() -> UInt32 {
        while true {
            let id = UInt32.random(in: 1 ... .max)
            if sessions[id] == nil { return id }
        }
    }

    // MARK: - RAKP

    private mutating func name(
        _ message: RAKP1, _ packet: RMCPPlusPacket, at now: IPMIMoment
    ) -> [UInt8] {
        func refuse(_ status: RMCPPlusStatus, consoleID: UInt32) -> [UInt8] {
            let response = RAKP2(tag: message.tag, consoleID: consoleID, outcome: .refused(status))
            return Self.packet(.rakp2) { response.write(into: &$0) }
        }
        guard var session = sessions[message.bmcID], !session.isActive else {
            statistics.refusedOpenings += 1
            return refuse(.invalidSessionID, consoleID: 0)
        }
        let status: RMCPPlusStatus
        if let account = access.account(named: message.username) {
            if message.role.privilege <= min(account.privilege, session.limit) {
                return answer(message, packet, of: account, &session, at: now)
            }
            status = .unauthorisedRole
        } else {
            status = .unauthorisedName
        }
        statistics.refusedOpenings += 1
        close(session.id)
        return refuse(status, consoleID: session.consoleID)
    }

    private mutating func answer(
        _ message: RAKP1, _ packet: RMCPPlusPacket, of account: IPMIAccount,
        _ session: inout ManagedSession, at now: IPMIMoment
    ) -> [UInt8] {
        let guid = guid ?? Array(repeating: 0, count: 16)
        let exchange = RAKPExchange(
            authentication: session.suite.authentication, consoleID: session.consoleID,
            bmcID: session.id, consoleRandom: message.consoleRandom,
            bmcRandom: Self.random(16), bmcGUID: guid, role: message.role,
            username: message.username)
        let response = RAKP2(
            tag: message.tag, consoleID: session.consoleID,
            outcome: .accepted(
                random: exchange.bmcRandom, guid: guid,
                code: exchange.rakp2Code(userKey: account.key)))
        let answer = Self.payload { response.write(into: &$0) }
        session.phase = .proving(exchange, account)
        session.lastStep = ManagedSession.Step(message: packet.payload, answer: answer)
        session.lastUse = now.uptime
        setSession(session)
        return Self.packet(.rakp2, answer)
    }

    private mutating func prove(
        _ message: RAKP3, _ packet: RMCPPlusPacket, at now: IPMIMoment
    ) -> [UInt8]? {
        guard var session = sessions[message.bmcID],
            case .proving(let exchange, let account) = session.phase
        else {
            return refuseProof(message.tag, consoleID: 0, .invalidSessionID)
        }
        // The console gives up; nobody waits for an answer (IPMI v2.0 13.22).
        guard message.status == .ok else {
            close(session.id)
            return nil
        }
        guard isSame(message.code, exchange.rakp3Code(userKey: account.key)) else {
            close(session.id)
            return refuseProof(
                message.tag, consoleID: session.consoleID, .invalidIntegrityCheck)
        }
        let sessionKey = exchange.sessionKey(bmcKey: access.bmcKey ?? account.key)
        let keys = SessionKeys(
            authentication: session.suite.authentication, sessionKey: sessionKey)
        session.phase = .active(
            ActiveSession(
                protection: SessionProtection(
                    suite: session.suite, keys: keys, ownID: session.id,
                    peerID: session.consoleID),
                account: account, limit: exchange.role.privilege))
        let response = RAKP4(
            tag: message.tag, consoleID: session.consoleID,
            code: exchange.rakp4Code(sessionKey: sessionKey))
        let answer = Self.payload { response.write(into: &$0) }
        session.lastStep = ManagedSession.Step(message: packet.payload, answer: answer)
        session.lastUse = now.uptime
        setSession(session)
        return Self.packet(.rakp4, answer)
    }

    private mutating func refuseProof(
        _ tag: UInt8, consoleID: UInt32, _ status: RMCPPlusStatus
    ) -> [UInt8] {
        statistics.refusedOpenings += 1
        let response = RAKP4(tag: tag, status: status, consoleID: consoleID, code: [])
        return Self.packet(.rakp4) { response.write(into: &$0) }
    }

    private static func packet(
        _ type: PayloadType, _ write: (inout ByteBuffer) -> Void
    ) -> [UInt8] {
        packet(type, payload(write))
    }

    private static func payload(_ write: (inout ByteBuffer) -> Void) -> [UInt8] {
        var payload = ByteBuffer()
        write(&payload)
        return payload.unread
    }
}
