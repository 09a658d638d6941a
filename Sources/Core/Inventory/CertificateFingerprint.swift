/// The SHA-256 of a certificate's DER form, by which one certificate is told from all others.
public struct CertificateFingerprint: Sendable, Hashable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// Nil unless there are 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits in any case, with or without `sha256:` before them and colons
    /// between the bytes.
    /// - Throws: what is wrong with the text, which is not repeated.
    init(parsing text: String) throws(Fault) {
        let lowered = text.lowercased()
        let digits =
            lowered.hasPrefix(Self.prefix) ? lowered.dropFirst(Self.prefix.count) : lowered[...]
        let hasColons = digits.contains(":")
        let pairs =
            hasColons
            ? digits.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            : Self.pairs(of: digits)
        var bytes: [UInt8] = []
        for pair in pairs {
            guard pair.utf8.count == 2, !pair.hasPrefix("+"), let byte = UInt8(pair, radix: 16)
            else {
                throw Fault(
                    hasColons
                        ? "expected two hexadecimal digits between the colons, as in sha256:0A:1B:…"
                        : "holds something else than hexadecimal digits")
            }
            bytes.append(byte)
        }
        guard bytes.count == Self.byteCount else {
            let hint = bytes.count == 20 ? ", which looks like a SHA-1" : ""
            throw Fault(
                "expected the 64 hexadecimal digits of a SHA-256, found \(bytes.count * 2)\(hint)")
        }
        self.bytes = bytes
    }

    /// `sha256:0A:1B:…`, as the inventory takes it.
    public var description: String {
        let pairs = bytes.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return Self.prefix + pairs.joined(separator: ":")
    }

    struct Fault: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }

    private static let byteCount = 32
    private static let prefix = "sha256:"

    /// The digits two by two; an odd one at the end has a neighbour that is none.
    private static func pairs(of digits: Substring) -> [String] {
        let digits = Array(digits)
        return stride(from: 0, to: digits.count, by: 2).map { start in
            String(digits[start..<min(start + 2, digits.count)])
        }
    }
}
