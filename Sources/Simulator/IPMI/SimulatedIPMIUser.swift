public import Core

/// An account that a simulated BMC knows over IPMI (IPMI v2.0 6.9).
public struct SimulatedIPMIUser: Sendable, Hashable {
    /// At most 16 bytes.
    public var name: String
    /// Its first 20 bytes count (IPMI v2.0 22.30).
    public var password: Secret
    /// The most that the user's sessions may do.
    public var privilege: IPMIOptions.Privilege

    public init(
        name: String, password: Secret, privilege: IPMIOptions.Privilege = .administrator
    ) {
        self.name = name
        self.password = password
        self.privilege = privilege
    }
}
