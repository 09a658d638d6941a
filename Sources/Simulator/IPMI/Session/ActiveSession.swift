internal import IPMIWire

/// A session that is open.
struct ActiveSession: Sendable {
    /// A command that was carried out, and its answer.
    private struct Memory: Sendable {
        let request: ManagedRequest
        let answer: [UInt8]
    }

    /// So many commands are remembered: a console's sequence numbers come round after 64.
    private static let memorySize = 8

    var protection: SessionProtection
    let account: IPMIAccount
    /// What the session may be raised to.
    let limit: PrivilegeLevel
    /// What the session may do now (IPMI v2.0 22.18).
    var privilege: PrivilegeLevel
    /// Ends with the next answer.
    var isClosing = false
    private var memory: [Memory] = []

    init(protection: SessionProtection, account: IPMIAccount, limit: PrivilegeLevel) {
        self.protection = protection
        self.account = account
        self.limit = limit
        privilege = min(limit, .user)
    }

    /// The answer to a command that was sent again (IPMI v2.0 6.12.12: the number in the message
    /// tells a retry from a new command).
    func remembered(_ request: ManagedRequest) -> [UInt8]? {
        memory.last { $0.request == request }?.answer
    }

    mutating func remember(_ answer: [UInt8], to request: ManagedRequest) {
        if memory.count == Self.memorySize { memory.removeFirst() }
        memory.append(Memory(request: request, answer: answer))
    }
}
