extension JSON {
    /// Reads what another program wrote and is not ours to mend: strictly if that will do, else
    /// with patience.
    ///
    /// Bytes that are no UTF-8 become U+FFFD, control characters stay in the text, numbers beyond
    /// 64 bits become reals and those beyond a real null, of two equal keys the last counts, a comma
    /// too many is passed over, and so is what follows the value. What is cut short, or has no clear meaning, is refused all the
    /// same.
    ///
    /// - Throws: ``JSONParseError`` of the strict reading.
    public init(
        lenient bytes: some Collection<UInt8>, maximumDepth: Int = standardDepth,
        maximumValues: Int = .max
    ) throws(JSONParseError) {
        do throws(JSONParseError) {
            try self.init(
                parsing: bytes, maximumDepth: maximumDepth, maximumValues: maximumValues)
        } catch {
            var reader = LenientReader(
                bytes, maximumDepth: min(maximumDepth, 2000), maximumValues: maximumValues)
            guard let value = reader.document() else { throw error }
            self = value
        }
    }
}

/// Reads JSON that is not quite JSON: see ``JSON/init(lenient:maximumDepth:maximumValues:)``.
private struct LenientReader {
    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0
    private let maximumDepth: Int
    /// How many more values may be read.
    private var valuesLeft: Int

    init(_ bytes: some Collection<UInt8>, maximumDepth: Int, maximumValues: Int) {
        self.bytes = Array(bytes)
        self.maximumDepth = maximumDepth
        valuesLeft = maximumValues
    }

    mutating func document() -> JSON? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
        return value()
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte <= 0x20 { place += 1 }
    }

    private mutating func take(_ byte: Character) -> Bool {
        skipBlanks()
        guard next == byte.asciiValue else { return false }
        place += 1
        return true
    }

    private mutating func value() -> JSON? {
        guard valuesLeft > 0 else { return nil }
        valuesLeft -= 1
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return nested { $0.object() }
        case UInt8(ascii: "["): return nested { $0.array() }
        case UInt8(ascii: "\""): return string().map(JSON.string)
        case .some: return word()
        case nil: return nil
        }
    }

    private mutating func nested(_ read: (inout LenientReader) -> JSON?) -> JSON? {
        guard depth < maximumDepth else { return nil }
        depth += 1
        defer { depth -= 1 }
        place += 1
        return read(&self)
    }

    private mutating func object() -> JSON? {
        var members = JSONObject()
        while true {
            if take("}") { return .object(members) }
            guard next == UInt8(ascii: "\""), let key = string(), take(":"), let value = value()
            else { return nil }
            members[key] = value
            guard take(",") || next == UInt8(ascii: "}") else { return nil }
        }
    }

    private mutating func array() -> JSON? {
        var elements: [JSON] = []
        while true {
            if take("]") { return .array(elements) }
            guard let value = value() else { return nil }
            elements.append(value)
            guard take(",") || next == UInt8(ascii: "]") else { return nil }
        }
    }

    /// A number or a name, up to where something else begins.
    private mutating func word() -> JSON? {
        let start = place
        while let byte = next, byte > 0x20, !",]}:\"".utf8.contains(byte) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        // What is no number in JSON, and what a program writes that has none.
        case "null", "nan", "-nan", "inf", "-inf", "infinity", "-infinity": return .null
        default: break
        }
        if let integer = Int64(text) { return .integer(integer) }
        guard text.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) }),
            let number = Double(text)
        else { return nil }
        return number.isFinite ? .real(number) : .null
    }

    private mutating func string() -> String? {
        place += 1
        var text: [UInt8] = []
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): guard escape(into: &text) else { return nil }
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(into text: inout [UInt8]) -> Bool {
        guard let byte = next else { return false }
        place += 1
        switch byte {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += Array(String(scalar()).utf8)
        // A sign that needs no escape stands for itself.
        default: text.append(byte)
        }
        return true
    }

    /// The character of an escape with four hexadecimal digits, or of two such where the first is half of one (RFC 8259, 7).
    private mutating func scalar() -> Unicode.Scalar {
        guard let first = unit() else { return "\u{FFFD}" }
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, bytes[place...].starts(with: "\\u".utf8) else { return "\u{FFFD}" }
        let back = place
        place += 2
        guard let second = unit(), 0xDC00..<0xE000 ~= second else {
            place = back
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func unit() -> UInt32? {
        guard place + 4 <= bytes.count,
            let value = UInt32(
                String(decoding: bytes[place..<(place + 4)], as: UTF8.self), radix: 16)
        else { return nil }
        place += 4
        return value
    }
}
