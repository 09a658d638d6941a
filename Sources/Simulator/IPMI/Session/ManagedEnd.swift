internal import IPMIWire
internal import NIOCore

/// The managed end of RMCP+: what a BMC makes of datagrams (IPMI v2.0 13). Does no I/O, knows no
/// clock, and carries out no command: it hands one out and takes the answer back.
struct ManagedEnd: Sendable {
    enum Action: Sendable {
        /// The datagram is none that has to be answered.
        case none
        case reply([UInt8])
        /// To be carried out, and answered by ``ManagedEnd/seal(_:for:)``.
        case command(Arrival)

        /// The command that came; nil if there is none.
        var request: ManagedRequest? {
            if case .command(let arrival) = self { arrival.request } else { nil }
        }
    }

    /// A command that came.
    struct Arrival: Sendable {
        /// How it came, and its answer has to go.
        enum Path: Sendable, Hashable {
            /// Outside of sessions, in the format of IPMI v1.5.
            case bare
            /// Outside of sessions, in that of RMCP+.
            case bareRMCPPlus
            case session(UInt32)
        }

        let request: ManagedRequest
        let path: Path
        /// What it may do; nil outside of sessions.
        let privilege: PrivilegeLevel?
    }

    let access: IPMIAccess
    /// Goes into RAKP 2, and is what Get System GUID says.
    var guid: [UInt8]?
    var statistics = IPMIStatistics()
    /// Slots that others hold, whom nobody sees.
    private var takenSlots = 0
    private(set) var sessions: [UInt32: ManagedSession] = [:]

    init(access: IPMIAccess) {
        self.access = access
    }

    // MARK: - Datagrams

    mutating func receive(_ datagram: [UInt8], at now: IPMIMoment) -> Action {
        statistics.datagrams += 1
        expire(at: now)
        var buffer = ByteBuffer(bytes: datagram)
        do throws(IPMIWireError) {
            switch try RMCPHeader.read(from: &buffer).messageClass {
            case .asf:
                return .reply(pong(to: try PresencePing.read(from: &buffer)))
            case .ipmi where buffer.readableBytesView.first == RMCPPlusPacket.format:
                return try receiveRMCPPlus(&buffer, at: now)
            case .ipmi:
                let packet = try SessionlessPacket.read(from: &buffer)
                return .command(
                    Arrival(
                        request: try ManagedRequest(packet.message), path: .bare, privilege: nil))
            }
        } catch {
            statistics.droppedDatagrams += 1
            return .none
        }
    }

    /// The answer to a command as a datagram; nil if its session is gone.
    mutating func seal(
        _ answer: (code: CompletionCode, data: [UInt8]), for arrival: Arrival,
        isRemembered: Bool = true
    ) -> [UInt8]? {
        let message = arrival.request.answer(answer.code, answer.data)
        switch arrival.path {
        case .bare:
            var buffer = ByteBuffer()
            RMCPHeader(messageClass: .ipmi).write(into: &buffer)
            SessionlessPacket(message: message).write(into: &buffer)
            return buffer.unread
        case .bareRMCPPlus:
            return Self.packet(.ipmi, message)
        case .session(let id):
            return withActiveSession(id) { session in
                if isRemembered { session.remember(message, to: arrival.request) }
                return Self.sealed(message, &session)
            } ?? nil
        }
    }

    /// The answer was sealed: a session that was to close is closed.
    mutating func finish(_ arrival: Arrival) {
        guard case .session(let id) = arrival.path,
            case .active(let session)? = sessions[id]?.phase,
            session.isClosing
        else { return }
        close(id)
    }

    private func pong(to ping: PresencePing) -> [UInt8] {
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .asf).write(into: &buffer)
        PresencePong(tag: ping.tag, supportsIPMI: true).write(into: &buffer)
        return buffer.unread
    }

    private mutating func receiveRMCPPlus(
        _ buffer: inout ByteBuffer, at now: IPMIMoment
    ) throws(IPMIWireError) -> Action {
        let id = buffer.getInteger(
            at: buffer.readerIndex + 2, endianness: .little, as: UInt32.self)
        guard let id, id != 0 else {
            let packet = try RMCPPlusPacket.read(from: &buffer, codeLength: 0)
            guard packet.seal == nil, !packet.isEncrypted else { throw .invalid("session ID") }
            if packet.payloadType == .ipmi {
                return .command(
                    Arrival(
                        request: try ManagedRequest(packet.payload), path: .bareRMCPPlus,
                        privilege: nil))
            }
            return try receiveStep(packet, at: now).map { .reply($0) } ?? .none
        }
        guard case .active(var session)? = sessions[id]?.phase else { throw .invalid("session ID") }
        defer { sessions[id]?.phase = .active(session) }
        let request = try ManagedRequest(try session.protection.open(&buffer))
        sessions[id]?.lastUse = now.uptime
        if let answer = session.remembered(request) {
            statistics.repeatedRequests += 1
            return Self.sealed(answer, &session).map { .reply($0) } ?? .none
        }
        return .command(
            Arrival(request: request, path: .session(id), privilege: session.privilege))
    }

    static func packet(_ type: PayloadType, _ payload: [UInt8]) -> [UInt8] {
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        RMCPPlusPacket(payloadType: type, payload: payload).write(into: &buffer)
        return buffer.unread
    }

    private static func sealed(_ message: [UInt8], _ session: inout ActiveSession) -> [UInt8]? {
        try? session.protection.seal(message, vector: random(16))
    }

    static func random(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0 ... .max) }
    }

    // MARK: - Sessions

    /// How many slots are taken.
    var slotsInUse: Int { sessions.count + takenSlots }

    mutating func withActiveSession<Result>(
        _ id: UInt32, _ body: (inout ActiveSession) -> Result
    ) -> Result? {
        guard case .active(var session)? = sessions[id]?.phase else { return nil }
        defer { sessions[id]?.phase = .active(session) }
        return body(&session)
    }

    mutating func setSession(_ session: ManagedSession) {
        let wasActive = sessions[session.id]?.isActive ?? false
        sessions[session.id] = session
        guard session.isActive, !wasActive else { return }
        statistics.sessions += 1
        statistics.openSessions += 1
        statistics.mostSessions = max(statistics.mostSessions, statistics.openSessions)
    }

    mutating func close(_ id: UInt32) {
        guard let session = sessions.removeValue(forKey: id), session.isActive else { return }
        statistics.openSessions -= 1
    }

    /// Has others take all slots that are left.
    mutating func takeRemainingSlots() {
        takenSlots = max(0, access.sessionLimit - sessions.count)
    }

    /// Forgets all sessions, as a BMC does that restarts.
    mutating func closeAll() {
        sessions = [:]
        takenSlots = 0
        statistics.openSessions = 0
    }

    /// Ends the sessions that were idle for too long.
    mutating func expire(at now: IPMIMoment) {
        for (id, session) in sessions {
            let timeout = session.isActive ? access.idleTimeout : IPMIAccess.openingTimeout
            if now.uptime - session.lastUse > timeout { close(id) }
        }
    }
}
