/// The keys that protect a session's packets (IPMI v2.0 13.32).
package struct SessionKeys: Hashable, Sendable {
    /// K1, for the integrity of packets.
    package let integrity: [UInt8]
    /// The first 128 bits of K2, for the confidentiality of payloads.
    package let confidentiality: [UInt8]

    /// - Parameter sessionKey: SIK.
    package init(authentication: CipherSuite.Authentication, sessionKey: [UInt8]) {
        // Constants of 20 bytes whatever the algorithm, as all implementations have them.
        integrity = authentication.code(over: Array(repeating: 1, count: 20), key: sessionKey)
        let second = authentication.code(over: Array(repeating: 2, count: 20), key: sessionKey)
        confidentiality = Array(second.prefix(16))
    }
}

// A key must not appear in a log by way of a description.
extension SessionKeys: CustomStringConvertible, CustomReflectable {
    package var description: String { "session keys" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
