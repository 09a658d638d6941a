internal import Core
internal import Foundation

/// Walks through JSON text in the very form in which we write it, with no tree in between.
///
/// At whatever stands in another form it gives up, right or wrong: then ``JSON`` reads the text, and
/// says what is wrong with it. So it may refuse what is JSON, but what it reads, it reads as ``JSON``
/// does.
struct PlainScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position: Int
    // Kept so that not every string with an escape needs memory of its own.
    private var unescaped: [UInt8] = []

    /// What stands there is in another form than ours.
    struct GivenUp: Error {}

    /// Far beyond what a spec nests, and far below what ``StateDocument/maximumDepth`` allows.
    private static let maximumDepth = 32

    init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    var isAtEnd: Bool { position == bytes.count }

    /// Moves beyond a text if it stands here.
    mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard let start = bytes.baseAddress, bytes.count - position >= count,
            memcmp(start + position, text.utf8Start, count) == 0
        else { return false }
        position += count
        return true
    }

    mutating func expect(_ text: StaticString) throws(GivenUp) {
        guard take(text) else { throw GivenUp() }
    }

    mutating func string() throws(GivenUp) -> String {
        try expect("\"")
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return try Self.text(UnsafeBufferPointer(rebasing: bytes[start..<position]))
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw GivenUp()
            default: position += 1
            }
        }
        throw GivenUp()
    }

    /// A string, or nil for `null`.
    mutating func optionalString() throws(GivenUp) -> String? {
        take("null") ? nil : try string()
    }

    /// An integer of at most 18 digits, which a 64-bit number always holds.
    mutating func integer() throws(GivenUp) -> Int64 {
        let isNegative = take("-")
        let start = position
        var value: Int64 = 0
        while position < bytes.count, case let byte = bytes[position], (0x30...0x39).contains(byte)
        {
            value = value &* 10 &+ Int64(byte & 0xF)
            position += 1
            guard position - start <= 18 else { throw GivenUp() }
        }
        let hasLeadingZero = position > start && bytes[start] == UInt8(ascii: "0")
        guard position > start, !hasLeadingZero || (position == start + 1 && !isNegative),
            position < bytes.count,
            [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(bytes[position])
        else { throw GivenUp() }
        return isNegative ? -value : value
    }

    mutating func natural() throws(GivenUp) -> UInt64 {
        guard let value = UInt64(exactly: try integer()) else { throw GivenUp() }
        return value
    }

    mutating func value(depth: Int = 0) throws(GivenUp) -> JSON {
        guard position < bytes.count, depth < Self.maximumDepth else { throw GivenUp() }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        case UInt8(ascii: "t"):
            try expect("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try expect("false")
            return .bool(false)
        default: return .integer(try integer())
        }
    }

    mutating func object(depth: Int = 0) throws(GivenUp) -> JSONObject {
        try expect("{")
        var object = JSONObject()
        var count = 0
        while !take("}") {
            if count > 0 { try expect(",") }
            let key = try string()
            try expect(":")
            object[key] = try value(depth: depth + 1)
            count += 1
        }
        // Keys that are the same.
        guard object.count == count else { throw GivenUp() }
        return object
    }

    private mutating func array(depth: Int) throws(GivenUp) -> [JSON] {
        try expect("[")
        var elements: [JSON] = []
        while !take("]") {
            if !elements.isEmpty { try expect(",") }
            elements.append(try value(depth: depth + 1))
        }
        return elements
    }

    private mutating func escapedString(from start: Int) throws(GivenUp) -> String {
        unescaped.removeAll(keepingCapacity: true)
        var plain = start
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                unescaped.append(contentsOf: bytes[plain..<position])
                position += 1
                return try unescaped.withUnsafeBufferPointer { text throws(GivenUp) in
                    try Self.text(text)
                }
            case UInt8(ascii: "\\"):
                unescaped.append(contentsOf: bytes[plain..<position])
                position += 1
                unescaped.append(try escape())
                plain = position
            case 0..<0x20: throw GivenUp()
            default: position += 1
            }
        }
        throw GivenUp()
    }

    // RFC 8259, section 7. Of those with digits, we write only control characters, which are rare.
    private mutating func escape() throws(GivenUp) -> UInt8 {
        guard position < bytes.count else { throw GivenUp() }
        defer { position += 1 }
        switch bytes[position] {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "\""): return UInt8(ascii: "\"")
        case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "r"): return 0x0D
        default: throw GivenUp()
        }
    }

    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) throws(GivenUp) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw GivenUp() }
        return text
    }
}
