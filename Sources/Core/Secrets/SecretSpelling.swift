/// The spellings of one secret that are looked for in bytes: itself, and what the usual encodings
/// make of it, all in lower case: a BMC may have changed the case of what it was told. Escapes (`%70`, `\u0070`, `&#112;`) are no spellings: see ``UnescapedBytes``.
struct SecretSpelling: Sendable, Hashable {
    let bytes: [UInt8]
    /// Whether it lies within base64, of which the whole run holds the secret.
    let isBase64: Bool

    /// Shorter ones occur by chance.
    static let shortest = 4

    /// - Parameter secret: at least ``shortest`` bytes.
    static func all(of secret: [UInt8]) -> Set<SecretSpelling> {
        let text = String(decoding: secret, as: UTF8.self)
        var spellings: Set<SecretSpelling> = []
        func add(_ bytes: [UInt8], isBase64: Bool = false) {
            guard bytes.count >= shortest else { return }
            spellings.insert(SecretSpelling(bytes: bytes.map(folded), isBase64: isBase64))
        }
        // Letters beyond ASCII have their case changed, too.
        for variant in [text, text.lowercased(), text.uppercased()] { add(Array(variant.utf8)) }
        add(secret)
        // UTF-8 that was taken for Latin-1.
        add(secret.flatMap { Array(String(Character(Unicode.Scalar($0))).utf8) })
        // As in forms (URL Standard, application/x-www-form-urlencoded).
        add(secret.map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "+") : $0 })
        let little = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        let latin = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
        let isLatin = latin.count == text.unicodeScalars.count && latin != secret
        if isLatin { add(latin) }
        var payloads = [secret, little, big, percentEncoded(secret), escaped(text)]
        if isLatin { payloads.append(latin) }
        for payload in Set(payloads) {
            for digits in hexadecimals(payload) { add(digits) }
            for core in base64Cores(payload) {
                add(core, isBase64: true)
                // RFC 4648, section 5.
                add(core.map { urlSafe[$0] ?? $0 }, isBase64: true)
                // What holds base64 is now and then encoded once more.
                for outer in base64Cores(core) { add(outer, isBase64: true) }
            }
        }
        return spellings
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlSafe: [UInt8: UInt8] = [
        UInt8(ascii: "+"): UInt8(ascii: "-"), UInt8(ascii: "/"): UInt8(ascii: "_"),
    ]

    /// What base64 makes of bytes wherever they begin within its groups of three: the digits that
    /// no neighbour has a part in.
    static func base64Cores(_ bytes: [UInt8]) -> [[UInt8]] {
        (0..<3).map { offset in
            let start = (6 - offset * 8 % 6) % 6
            return stride(from: start, through: bytes.count * 8 - 6, by: 6).map { bit in
                let (index, shift) = (bit / 8, bit % 8)
                let next = index + 1 < bytes.count ? UInt16(bytes[index + 1]) : 0
                let pair = UInt16(bytes[index]) << 8 | next
                return alphabet[Int(pair >> (10 - shift) & 0x3F)]
            }
        }
    }

    private static func hexadecimals(_ bytes: [UInt8]) -> [[UInt8]] {
        let digits = Array("0123456789abcdef".utf8)
        let pairs = bytes.map { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return ["", ":", " ", "-"].map { Array(pairs.joined(separator: $0.utf8)) }
    }

    /// A byte without its case, if it is an ASCII letter.
    static func folded(_ byte: UInt8) -> UInt8 { 0x41...0x5A ~= byte ? byte + 0x20 : byte }

    /// RFC 3986, section 2.1.
    private static func percentEncoded(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return bytes.flatMap { byte -> [UInt8] in
            let character = Character(Unicode.Scalar(byte))
            let isUnreserved =
                byte < 0x80
                && (character.isLetter || character.isNumber || "-._~".contains(character))
            return isUnreserved
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    private static func escaped(_ text: String) -> [UInt8] {
        Array(JSON.string(text).encoded().dropFirst().dropLast())
    }

    static func isBase64Digit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "="):
            true
        default: false
        }
    }
}
