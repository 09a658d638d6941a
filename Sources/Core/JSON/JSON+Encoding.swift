/// How a value is laid out as text.
public enum JSONStyle: Sendable {
    /// No white space.
    case compact
    /// Two spaces a level, a member a line, for a person: what a terminal would act on instead of
    /// showing it (C1 controls, format characters, line separators) is escaped.
    case indented
}

extension JSON {
    /// The value as UTF-8 text. Numbers read back as the same value: reals are written with the
    /// fewest digits that do so. A real that is not finite has no JSON form and becomes `null`.
    ///
    /// Written here rather than by jansson 2.14, which prints 0.1 with 17 digits and needs a
    /// second copy of the tree.
    public func encoded(_ style: JSONStyle = .compact) -> [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes, style)
        return bytes
    }

    /// Appends the value as UTF-8 text; see ``encoded(_:)``.
    public func encode(into bytes: inout [UInt8], _ style: JSONStyle = .compact) {
        var encoder = JSONTextWriter(style: style)
        encoder.append(self, to: &bytes, level: 0)
    }
}

private struct JSONTextWriter {
    let style: JSONStyle

    mutating func append(_ value: JSON, to bytes: inout [UInt8], level: Int) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
        case .integer(let integer): bytes.append(contentsOf: String(integer).utf8)
        case .real(let real):
            bytes.append(contentsOf: (real.isFinite ? real.description : "null").utf8)
        case .string(let string): append(string, to: &bytes)
        case .array(let elements):
            append(elements, between: "[", and: "]", to: &bytes, level: level) {
                encoder, element, bytes in
                encoder.append(element, to: &bytes, level: level + 1)
            }
        case .object(let object):
            append(object, between: "{", and: "}", to: &bytes, level: level) {
                encoder, member, bytes in
                encoder.append(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if encoder.style == .indented { bytes.append(UInt8(ascii: " ")) }
                encoder.append(member.value, to: &bytes, level: level + 1)
            }
        }
    }

    private mutating func append<Elements: Sequence>(
        _ elements: Elements, between open: Unicode.Scalar, and close: Unicode.Scalar,
        to bytes: inout [UInt8], level: Int,
        each: (inout JSONTextWriter, Elements.Element, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            breakLine(in: &bytes, level: level + 1)
            each(&self, element, &bytes)
        }
        if !isFirst { breakLine(in: &bytes, level: level) }
        bytes.append(UInt8(ascii: close))
    }

    private func breakLine(in bytes: inout [UInt8], level: Int) {
        guard style == .indented else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
    }

    // RFC 8259, section 7: quotation mark, reverse solidus and the control characters.
    private func append(_ string: String, to bytes: inout [UInt8]) {
        if style == .indented, !string.unicodeScalars.allSatisfy(\.isShown) {
            return appendShown(string, to: &bytes)
        }
        bytes.append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { text in
            var plain = 0
            for place in text.indices {
                let byte = text[place]
                guard byte < 0x20 || byte == 0x22 || byte == 0x5C else { continue }
                bytes.append(contentsOf: text[plain..<place])
                append(escaped: byte, to: &bytes)
                plain = place + 1
            }
            bytes.append(contentsOf: text[plain...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private func appendShown(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: #"\""#.utf8)
            case "\\": bytes.append(contentsOf: #"\\"#.utf8)
            case "\n": bytes.append(contentsOf: #"\n"#.utf8)
            case "\r": bytes.append(contentsOf: #"\r"#.utf8)
            case "\t": bytes.append(contentsOf: #"\t"#.utf8)
            case _ where scalar.isShown: bytes.append(contentsOf: String(scalar).utf8)
            default:
                for unit in String(scalar).utf16 {
                    bytes.append(contentsOf: #"\u"#.utf8)
                    for shift in [12, 8, 4, 0] {
                        bytes.append(Self.hexDigits[Int(unit >> shift & 0xF)])
                    }
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private func append(escaped byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
        case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
        case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
        case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
        default:
            bytes.append(contentsOf: #"\u00"#.utf8)
            bytes.append(Self.hexDigits[Int(byte >> 4)])
            bytes.append(Self.hexDigits[Int(byte & 0xF)])
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}
