internal import Core
internal import IPMIWire

/// A user as sessions are opened with it.
struct IPMIAccount: Sendable {
    let name: [UInt8]
    /// K_UID.
    let key: [UInt8]
    let privilege: PrivilegeLevel

    init(_ user: SimulatedIPMIUser) {
        name = Array(user.name.utf8.prefix(16))
        key = Array(user.password.reveal().utf8.prefix(20))
        privilege =
            switch user.privilege {
            case .user: .user
            case .operator: .operator
            case .administrator: .administrator
            }
    }
}

extension IPMIAccount: CustomStringConvertible, CustomReflectable {
    var description: String { "account \(String(decoding: name, as: UTF8.self))" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
