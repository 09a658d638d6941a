internal import IPMIWire

/// Who we are to a BMC and how we insist on being spoken to.
struct SessionAccess: Hashable, Sendable {
    /// At most 16 bytes (IPMI v2.0 13.20).
    let username: [UInt8]
    /// K_UID; at most 20 bytes (IPMI v2.0 22.30).
    let userKey: [UInt8]
    /// K_G, the BMC's own key; nil where it has none, as nearly always.
    let bmcKey: [UInt8]?
    var privilege: PrivilegeLevel
    /// Whether less is asked for where a BMC refuses ``privilege``.
    var mayLower = false
    /// In the order in which they are tried.
    let suites: [CipherSuite]
    /// How long an answer is waited for; nil lets earlier ones tell.
    var retryAfter: Duration?
}

extension SessionAccess: CustomStringConvertible, CustomReflectable {
    var description: String { "access as \(String(decoding: username, as: UTF8.self))" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
