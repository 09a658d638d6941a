internal import Crypto

/// The secret that clients over TCP have to show, as a bearer token (RFC 6750, section 2.1). Never
/// shows itself, whatever describes, dumps or interpolates it.
public struct ListenToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The fewest characters: fewer can be guessed.
    static let minimumLength = 16
    /// The most, far below the limit on a request's head.
    static let maximumLength = 4096

    private let text: String

    /// - Throws: ``ListenTokenError`` if it has fewer than 16 characters or more than 4,096, or others
    ///   than RFC 6750 allows.
    public init(_ text: String) throws(ListenTokenError) {
        guard (Self.minimumLength...Self.maximumLength).contains(text.utf8.count) else {
            throw .wrongLength(text.utf8.count)
        }
        guard text.utf8.allSatisfy(Self.isLegal) else { throw .illegalCharacter }
        self.text = text
    }

    /// What a client sends as `Authorization`.
    package var authorisation: String { "Bearer \(text)" }

    /// Whether an `Authorization` shows the token. How long that takes tells nothing about the
    /// token: digests are compared, and in constant time.
    func isShown(by authorisation: String) -> Bool {
        let scheme = "bearer "
        guard authorisation.lowercased().hasPrefix(scheme) else { return false }
        let given = authorisation.utf8.dropFirst(scheme.utf8.count)
        return SHA256.hash(data: Array(given)) == SHA256.hash(data: Array(text.utf8))
    }

    // RFC 6750, section 2.1: b64token.
    private static func isLegal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~+/=".utf8.contains(byte)
        }
    }

    public var description: String { "•••" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
