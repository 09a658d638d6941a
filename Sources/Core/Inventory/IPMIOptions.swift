/// How a BMC wants to be spoken to over IPMI, beyond its address and credentials.
public struct IPMIOptions: Sendable, Hashable {
    /// What a session may do (IPMI v2.0 6.8).
    public enum Privilege: String, Sendable, Hashable, CaseIterable {
        case user, `operator`, administrator
    }

    /// The cipher suites that there is an implementation of, by number (IPMI v2.0 22.15.2).
    public static let knownCipherSuites = [0, 1, 2, 3, 15, 16, 17]
    /// How many bytes a BMC's key has at most (IPMI v2.0 22.25).
    public static let maximumKeyLength = 20

    /// K_G, the BMC's own key, at most 20 bytes (IPMI v2.0 13.31); nil where it has none, as
    /// nearly always.
    public let bmcKey: Secret?
    /// The cipher suites that may be used, by number, in the order in which they are tried (IPMI
    /// v2.0 22.15.2).
    public let cipherSuites: [Int]
    /// What is asked for; a BMC may grant its users less.
    public let privilege: Privilege

    public init(
        bmcKey: Secret? = nil, cipherSuites: [Int] = [17, 3], privilege: Privilege = .administrator
    ) {
        self.bmcKey = bmcKey
        self.cipherSuites = cipherSuites
        self.privilege = privilege
    }
}
