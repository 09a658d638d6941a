internal import IPMIWire

/// What other programs ask of the channel, its users and its network.
enum ChannelCommands {
    static let handlers = [channelInfo, channelAccess, userAccess, userName, lanParameter]

    /// Get Channel Info (IPMI v2.0 22.24): an Ethernet with several sessions.
    private static let channelInfo = CommandHandler(
        .application, 0x42
    ) { (data, state, _) throws(CommandRefusal) in
        guard let channel = data.first else { throw CommandRefusal(.invalidLength) }
        guard SessionCommands.isOwn(channel) else { throw CommandRefusal(.invalidField) }
        let active = UInt8(clamping: min(63, state.ipmi.end.statistics.openSessions))
        // The vendor of the protocol is the IPMI forum, 7154.
        return [SessionCommands.channel, 0x04, 0x01, 0x80 | active, 0xF2, 0x1B, 0, 0, 0]
    }

    /// Get Channel Access (IPMI v2.0 22.23): always available, up to administrator.
    private static let channelAccess = CommandHandler(
        .application, 0x41
    ) { (data, _, _) throws(CommandRefusal) in
        guard let channel = data.first else { throw CommandRefusal(.invalidLength) }
        guard SessionCommands.isOwn(channel) else { throw CommandRefusal(.invalidField) }
        return [0x02, PrivilegeLevel.administrator.rawValue]
    }

    /// Get User Access (IPMI v2.0 22.27).
    private static let userAccess = CommandHandler(
        .application, 0x44, privilege: .operator
    ) { (data, state, _) throws(CommandRefusal) in
        guard data.count >= 2 else { throw CommandRefusal(.invalidLength) }
        guard SessionCommands.isOwn(data[0]) else { throw CommandRefusal(.invalidField) }
        let accounts = state.ipmi.end.access.accounts
        let account = try account(data[1], of: accounts)
        let count = UInt8(clamping: accounts.count)
        // IPMI messages are enabled; no access is 15.
        return [userSlots, count, 0, account.map { 0x10 | $0.privilege.rawValue } ?? 0x0F]
    }

    /// Get User Name (IPMI v2.0 22.29).
    private static let userName = CommandHandler(
        .application, 0x46, privilege: .operator
    ) { (data, state, _) throws(CommandRefusal) in
        guard let number = data.first else { throw CommandRefusal(.invalidLength) }
        let name = try account(number, of: state.ipmi.end.access.accounts)?.name ?? []
        return name + Array(repeating: 0, count: 16 - name.count)
    }

    private static let userSlots: UInt8 = 15

    // The user with ID 1 has no name (IPMI v2.0 6.9.1).
    private static func account(
        _ id: UInt8, of accounts: [IPMIAccount]
    ) throws(CommandRefusal) -> IPMIAccount? {
        let number = Int(id & 0x3F)
        guard (1...Int(userSlots)).contains(number) else { throw CommandRefusal(.outOfRange) }
        if number == 1 { return accounts.first { $0.name.isEmpty } }
        let named = accounts.filter { !$0.name.isEmpty }
        return number - 2 < named.count ? named[number - 2] : nil
    }

    /// Get LAN Configuration Parameters (IPMI v2.0 23.2).
    private static let lanParameter = CommandHandler(
        .transport, 0x02, privilege: .operator
    ) { (data, state, _) throws(CommandRefusal) in
        guard data.count >= 4 else { throw CommandRefusal(.invalidLength) }
        guard SessionCommands.isOwn(data[0]) else { throw CommandRefusal(.invalidField) }
        let revision: UInt8 = 0x11
        if data[0] & 0x80 != 0 { return [revision] }
        guard let value = lanParameter(data[1], of: state) else {
            throw CommandRefusal(CompletionCode(rawValue: 0x80))
        }
        return [revision] + value
    }

    // IPMI v2.0 table 23-4.
    private static func lanParameter(_ number: UInt8, of state: BMCState) -> [UInt8]? {
        let suites = state.ipmi.end.access.suites
        return switch number {
        case 0: [0]
        case 1: [0]
        case 2: [0, 0, 0, 0, 0]
        case 3: state.ipmi.address
        case 4: [0x01]
        case 5: Identity.macBytes(0, bmc: state.index)
        case 6: [255, 0, 0, 0]
        case 12: [0, 0, 0, 0]
        case 20: [0, 0]
        case 22: [UInt8(suites.count)]
        case 23: [0] + suites.map(\.id) + Array(repeating: 0, count: 16 - suites.count)
        case 24: [0] + Array(repeating: 0x44, count: 8)
        default: nil
        }
    }
}
