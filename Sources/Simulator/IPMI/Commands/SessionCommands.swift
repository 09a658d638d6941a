internal import IPMIWire
internal import NIOCore

/// How sessions come about and end (IPMI v2.0 22.13 to 22.19).
enum SessionCommands {
    static let handlers = [
        CommandHandler(GetChannelAuthenticationCapabilities.self, isBare: true) {
            (command, state, _) throws(CommandRefusal) in
            guard isOwn(command.channel) else { throw CommandRefusal(.invalidField) }
            return capabilities(state.ipmi.end.access, isExtended: command.wantsExtended)
        },
        CommandHandler(GetChannelCipherSuites.self, isBare: true) {
            (command, state, _) throws(CommandRefusal) in
            guard isOwn(command.channel), command.payloadType == .ipmi else {
                throw CommandRefusal(.invalidField)
            }
            let all = records(of: state.ipmi.end.access.suites, areSuites: command.listsSuites)
            let length = GetChannelCipherSuites.partLength
            return GetChannelCipherSuites.Response(
                channel: channel,
                records: Array(all.dropFirst(Int(command.index) * length).prefix(length)))
        },
        CommandHandler(SetSessionPrivilegeLevel.self) {
            (command, state, context) throws(CommandRefusal) in
            let result = context.session.flatMap { id in
                state.ipmi.end.withActiveSession(id) { raise(&$0, to: command.level) }
            }
            guard let result else { throw CommandRefusal(.notInThisState) }
            return SetSessionPrivilegeLevel.Response(level: try result.get())
        },
        CommandHandler(CloseSession.self) { (command, state, context) throws(CommandRefusal) in
            try close(command.target, &state.ipmi.end, context)
            return Nothing()
        },
    ]

    /// The number of the channel that is spoken on.
    static let channel: UInt8 = 1

    /// Whether a request means the channel that it came over.
    static func isOwn(_ channel: UInt8) -> Bool {
        [GetChannelAuthenticationCapabilities.thisChannel, Self.channel].contains(channel & 0x0F)
    }

    private static func capabilities(
        _ access: IPMIAccess, isExtended: Bool
    ) -> GetChannelAuthenticationCapabilities.Response {
        let accounts = access.accounts
        // No algorithm of IPMI v1.5, and sessions of v2.0 alone.
        return GetChannelAuthenticationCapabilities.Response(
            channel: channel, isExtended: isExtended, hasBMCKey: access.bmcKey != nil,
            hasNamedUsers: accounts.contains { !$0.name.isEmpty },
            hasNullUser: accounts.contains { $0.name.isEmpty && !$0.key.isEmpty },
            hasAnonymousUser: accounts.contains { $0.name.isEmpty && $0.key.isEmpty })
    }

    private static func records(of suites: [CipherSuite], areSuites: Bool) -> [UInt8] {
        var buffer = ByteBuffer()
        for suite in suites { CipherSuiteRecord(suite).write(into: &buffer) }
        guard !areSuites else { return buffer.unread }
        return Set(
            suites.flatMap {
                [
                    $0.authentication.rawValue, 0x40 | $0.integrity.rawValue,
                    0x80 | $0.confidentiality.rawValue,
                ]
            }
        ).sorted()
    }

    private static func raise(
        _ session: inout ActiveSession, to wanted: PrivilegeLevel?
    ) -> Result<PrivilegeLevel, CommandRefusal> {
        guard let wanted else { return .success(session.privilege) }
        guard wanted != .callback else { return .failure(CommandRefusal(.invalidField)) }
        // More than the user, or the session as it was opened, may have.
        guard wanted <= session.limit else {
            return .failure(CommandRefusal(SetSessionPrivilegeLevel.levelExceedsLimit))
        }
        session.privilege = wanted
        return .success(wanted)
    }

    private static func close(
        _ target: CloseSession.Target, _ end: inout ManagedEnd, _ context: CommandContext
    ) throws(CommandRefusal) {
        guard case .session(let id) = target else {
            throw CommandRefusal(CloseSession.unknownHandle)
        }
        guard end.sessions[id]?.isActive == true else {
            throw CommandRefusal(CloseSession.unknownSession)
        }
        if id == context.session {
            // Its answer still goes out in it.
            _ = end.withActiveSession(id) { $0.isClosing = true }
        } else {
            guard context.privilege == .administrator else {
                throw CommandRefusal(.insufficientPrivilege)
            }
            end.close(id)
        }
    }
}
