/// How a BMC wants to be spoken to over IPMI, beyond its address and credentials.
public struct IPMIOptions: Sendable, Hashable {
    /// What a session may do (IPMI v2.0 6.8).
    public enum Privilege: String, Sendable, Hashable, CaseIterable {
        case user, `operator`, administrator
    }

    /// A habit of a BMC's firmware that nothing on the wire tells.
    public enum Quirk: String, Sendable, Hashable, CaseIterable {
        /// A UEFI system boots from its drive by the boot flags' second byte 0x24, which stands for
        /// a remote medium elsewhere (Supermicro's FAQ on UEFI boot by ipmitool; Ironic's
        /// `_set_boot_device` for the vendor `supermicro`).
        case uefiDisk24
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
    /// What is asked for; a BMC may grant its users less. Nil asks for an administrator's, and where
    /// that is refused once for an operator's.
    public let privilege: Privilege?
    /// How long an answer is waited for before a question is sent again; nil lets the BMC's earlier
    /// answers tell.
    public let retryAfter: Duration?
    public let quirks: Set<Quirk>

    /// What ``retryAfter`` may be.
    public static let retryTimes: ClosedRange<Duration> = .milliseconds(100) ... .seconds(20)

    public init(
        bmcKey: Secret? = nil, cipherSuites: [Int] = [17, 3], privilege: Privilege? = nil,
        retryAfter: Duration? = nil, quirks: Set<Quirk> = []
    ) {
        self.bmcKey = bmcKey
        self.cipherSuites = cipherSuites
        self.privilege = privilege
        self.retryAfter = retryAfter
        self.quirks = quirks
    }
}
