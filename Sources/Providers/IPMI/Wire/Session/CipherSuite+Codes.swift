internal import Crypto
internal import Foundation

extension CipherSuite.Authentication {
    /// The authentication code; empty where nothing is proven.
    package func code(over bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        switch self {
        case .none: []
        case .hmacSHA1:
            Array(
                HMAC<Insecure.SHA1>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
        case .hmacSHA256:
            Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
        }
    }

    /// How many bytes of the code stand in RAKP 4: 96 and 128 bits (IPMI v2.0 13.28.1, 13.28.1b).
    package var checkLength: Int {
        switch self {
        case .none: 0
        case .hmacSHA1: 12
        case .hmacSHA256: 16
        }
    }
}

extension CipherSuite.Integrity {
    /// How many bytes of authentication code stand at a packet's end.
    package var codeLength: Int {
        switch self {
        case .none: 0
        case .hmacSHA1With96Bits: 12
        case .hmacSHA256With128Bits: 16
        }
    }

    /// The authentication code of a packet (IPMI v2.0 13.28.4).
    package func code(over bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        switch self {
        case .none: []
        case .hmacSHA1With96Bits:
            Array(
                CipherSuite.Authentication.hmacSHA1.code(over: bytes, key: key).prefix(codeLength))
        case .hmacSHA256With128Bits:
            Array(
                CipherSuite.Authentication.hmacSHA256.code(over: bytes, key: key).prefix(codeLength)
            )
        }
    }
}

/// Compares in a time that does not depend on where the difference is.
package func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
