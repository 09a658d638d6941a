/// Bytes with one kind of escape undone, and where each of them came from.
struct UnescapedBytes {
    enum Escape: CaseIterable {
        /// `%70` (RFC 3986, section 2.1).
        case percent
        /// `\u0070` (RFC 8259, section 7), `\x70`.
        case backslash
        /// `&#112;`, `&#x70;`, `&amp;` (HTML, "Character references").
        case ampersand
        /// UTF-16's zeros, and the line ends within long base64.
        case filler

        fileprivate func begins(_ byte: UInt8) -> Bool {
            switch self {
            case .percent: byte == UInt8(ascii: "%")
            case .backslash: byte == UInt8(ascii: "\\")
            case .ampersand: byte == UInt8(ascii: "&")
            case .filler: byte == 0 || byte == 0x0A || byte == 0x0D
            }
        }
    }

    private(set) var bytes: [UInt8]
    /// Where in the original each byte begins, and at last its end.
    private(set) var origins: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        origins = Array(0...bytes.count)
    }

    /// Whether any byte may begin an escape.
    static func mayEscape(_ byte: UInt8) -> Bool {
        Escape.allCases.contains { $0.begins(byte) }
    }

    /// The bytes themselves and all that undoing escapes upon escapes makes of them: what was
    /// escaped several times comes out too.
    static func views(of bytes: [UInt8]) -> [UnescapedBytes] {
        var views = [UnescapedBytes(bytes)]
        guard bytes.contains(where: mayEscape) else { return views }
        var seen: Set<[UInt8]> = [bytes]
        var index = 0
        while index < views.count, views.count < most {
            for escape in Escape.allCases {
                guard let next = views[index].undoing(escape), seen.insert(next.bytes).inserted
                else { continue }
                views.append(next)
            }
            index += 1
        }
        return views
    }

    // Four kinds commute mostly, so that four levels of one and a mixture of all fit.
    private static let most = 40

    /// Nil if there is none of the kind.
    private func undoing(_ escape: Escape) -> UnescapedBytes? {
        guard bytes.contains(where: escape.begins) else { return nil }
        var result = UnescapedBytes([])
        result.origins = []
        result.bytes.reserveCapacity(bytes.count)
        result.origins.reserveCapacity(bytes.count + 1)
        var index = 0
        while index < bytes.count {
            guard escape.begins(bytes[index]), let (plain, length) = decode(escape, at: index)
            else {
                result.bytes.append(bytes[index])
                result.origins.append(origins[index])
                index += 1
                continue
            }
            for byte in plain {
                result.bytes.append(byte)
                result.origins.append(origins[index])
            }
            index += length
        }
        result.origins.append(origins[bytes.count])
        return result.bytes.count == bytes.count ? nil : result
    }

    private func decode(_ escape: Escape, at index: Int) -> ([UInt8], Int)? {
        switch escape {
        case .filler: return ([], 1)
        case .percent: return number(at: index + 1, 2).map { ([UInt8($0)], 3) }
        case .backslash: return backslash(at: index)
        case .ampersand: return reference(at: index)
        }
    }

    private func backslash(at index: Int) -> ([UInt8], Int)? {
        guard index + 1 < bytes.count else { return nil }
        switch bytes[index + 1] {
        case UInt8(ascii: "u"):
            guard let high = number(at: index + 2, 4) else { return nil }
            if 0xD800..<0xDC00 ~= high, index + 7 < bytes.count,
                bytes[index + 6] == UInt8(ascii: "\\"), bytes[index + 7] == UInt8(ascii: "u"),
                let low = number(at: index + 8, 4), 0xDC00..<0xE000 ~= low
            {
                return (Self.utf8(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)), 12)
            }
            return (Self.utf8(high), 6)
        case UInt8(ascii: "x"): return number(at: index + 2, 2).map { ([UInt8($0)], 4) }
        case UInt8(ascii: "n"): return ([0x0A], 2)
        case UInt8(ascii: "r"): return ([0x0D], 2)
        case UInt8(ascii: "t"): return ([0x09], 2)
        case UInt8(ascii: "b"): return ([0x08], 2)
        case UInt8(ascii: "f"): return ([0x0C], 2)
        case let byte: return ([byte], 2)
        }
    }

    private static let names: [String: UInt32] = [
        "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "nbsp": 0xA0,
    ]

    private func reference(at index: Int) -> ([UInt8], Int)? {
        let name = bytes[(index + 1)...].prefix(10).prefix { $0 != UInt8(ascii: ";") }
        let end = index + 1 + name.count
        guard end < bytes.count, bytes[end] == UInt8(ascii: ";") else { return nil }
        let text = String(decoding: name, as: UTF8.self).lowercased()
        let value: UInt32? =
            if text.hasPrefix("#x") {
                UInt32(text.dropFirst(2), radix: 16)
            } else if text.hasPrefix("#") {
                UInt32(text.dropFirst())
            } else {
                Self.names[text]
            }
        return value.map { (Self.utf8($0), name.count + 2) }
    }

    private func number(at index: Int, _ digits: Int) -> UInt32? {
        guard index + digits <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index..<index + digits] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private static func utf8(_ value: UInt32) -> [UInt8] {
        Array(String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8)
    }
}
