/// A set of algorithms for a session (IPMI v2.0 22.15.2, table 22-20).
package struct CipherSuite: Hashable, Sendable, CustomStringConvertible {
    /// How the two sides prove who they are (IPMI v2.0 13.28, table 13-17).
    package enum Authentication: UInt8, Sendable {
        case none = 0
        case hmacSHA1 = 1
        case hmacSHA256 = 3
    }

    /// How packets are protected against change (IPMI v2.0 13.28.4, table 13-18).
    package enum Integrity: UInt8, Sendable {
        case none = 0
        case hmacSHA1With96Bits = 1
        case hmacSHA256With128Bits = 4
    }

    /// How payloads are kept secret (IPMI v2.0 13.28.5, table 13-19).
    package enum Confidentiality: UInt8, Sendable {
        case none = 0
        case aesCBC128 = 1
    }

    /// Its number, by which BMCs and people name it.
    package let id: UInt8
    package let authentication: Authentication
    package let integrity: Integrity
    package let confidentiality: Confidentiality

    package var description: String { "cipher suite \(id)" }

    /// Nothing is proven and nothing protected.
    package static let none = CipherSuite(0, .none, .none, .none)
    package static let sha1Authenticated = CipherSuite(1, .hmacSHA1, .none, .none)
    package static let sha1Signed = CipherSuite(2, .hmacSHA1, .hmacSHA1With96Bits, .none)
    package static let sha1 = CipherSuite(3, .hmacSHA1, .hmacSHA1With96Bits, .aesCBC128)
    package static let sha256Authenticated = CipherSuite(15, .hmacSHA256, .none, .none)
    package static let sha256Signed = CipherSuite(16, .hmacSHA256, .hmacSHA256With128Bits, .none)
    package static let sha256 = CipherSuite(17, .hmacSHA256, .hmacSHA256With128Bits, .aesCBC128)

    /// All that are spoken here.
    package static let known = [
        none, sha1Authenticated, sha1Signed, sha1, sha256Authenticated, sha256Signed, sha256,
    ]

    /// What is offered unless the inventory says otherwise, the strongest first.
    package static let offered = [sha256, sha1]

    private init(
        _ id: UInt8, _ authentication: Authentication, _ integrity: Integrity,
        _ confidentiality: Confidentiality
    ) {
        self.id = id
        self.authentication = authentication
        self.integrity = integrity
        self.confidentiality = confidentiality
    }

    /// Nil if the number is not one of ``known``.
    package init?(id: UInt8) {
        guard let suite = Self.known.first(where: { $0.id == id }) else { return nil }
        self = suite
    }
}
