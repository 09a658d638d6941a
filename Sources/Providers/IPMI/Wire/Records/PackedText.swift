package import NIOCore

/// A text with its length and its encoding in the byte before it (IPMI v2.0 43.15; Platform
/// Management FRU Information Storage Definition 1.0, 13).
package struct PackedText: WireValue {
    package enum Encoding: UInt8, Hashable, Sendable {
        /// Bytes that are no text in a FRU; Unicode in a sensor record.
        case binary
        /// Digits, blank, dash and dot, two a byte.
        case bcd
        /// ASCII from blank to underscore, four in three bytes.
        case sixBit
        /// ASCII and Latin 1.
        case latin1
    }

    /// The type and length byte that ends a list of fields (FRU 13).
    package static let endOfFields: UInt8 = 0xC1
    /// The most bytes that fit.
    package static let maximumLength = 63

    package var encoding: Encoding
    /// As packed.
    package var bytes: [UInt8]

    package init(encoding: Encoding, bytes: [UInt8]) {
        self.encoding = encoding
        self.bytes = bytes
    }

    /// A text in Latin 1, cut where it is too long; what Latin 1 lacks becomes a question mark.
    package init(_ text: String) {
        var bytes = text.unicodeScalars.prefix(Self.maximumLength).map {
            UInt8(exactly: $0.value) ?? UInt8(ascii: "?")
        }
        // A single byte would be the end of the fields; a NUL after it is cut off by who reads.
        if bytes.count == 1 { bytes.append(0) }
        self.init(encoding: .latin1, bytes: bytes)
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> PackedText {
        let head = try buffer.take("type and length", as: UInt8.self)
        let bytes = try buffer.takeBytes("text", count: Int(head & 0x3F))
        return PackedText(encoding: Encoding(rawValue: head >> 6) ?? .binary, bytes: bytes)
    }

    package func write(into buffer: inout ByteBuffer) {
        let fitting = bytes.prefix(Self.maximumLength)
        buffer.put(encoding.rawValue << 6 | UInt8(fitting.count))
        buffer.writeBytes(fitting)
    }

    /// The text without blanks and control characters around it; bytes that are no text in
    /// hexadecimal. BMCs that write ASCII call it binary at times, so that is taken for text.
    package var text: String {
        switch encoding {
        case .binary:
            bytes.allSatisfy { $0 == 0 || 0x20...0x7E ~= $0 } ? Self.latin1(bytes) : hexadecimal
        case .bcd:
            Self.trimmed(bytes.flatMap { [Self.digit($0 >> 4), Self.digit($0 & 0x0F)] })
        case .sixBit:
            Self.trimmed(sixBitCodes.map { $0 + 0x20 })
        case .latin1:
            Self.latin1(bytes)
        }
    }

    private var hexadecimal: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Six bits each, the least significant first.
    private var sixBitCodes: [UInt8] {
        (0..<(bytes.count * 8 / 6)).map { index in
            let bit = index * 6
            let low = UInt16(bytes[bit / 8])
            let high = bit / 8 + 1 < bytes.count ? UInt16(bytes[bit / 8 + 1]) : 0
            return UInt8((low | high << 8) >> (bit % 8) & 0x3F)
        }
    }

    private static func digit(_ code: UInt8) -> UInt8 {
        switch code {
        case 0...9: UInt8(ascii: "0") + code
        case 0x0B: UInt8(ascii: "-")
        case 0x0C: UInt8(ascii: ".")
        default: UInt8(ascii: " ")
        }
    }

    private static func latin1(_ bytes: [UInt8]) -> String {
        trimmed(Array(bytes.prefix { $0 != 0 }))
    }

    private static func trimmed(_ bytes: [UInt8]) -> String {
        let isPrintable = { (byte: UInt8) in byte > 0x20 && !(0x7F...0xA0 ~= byte) }
        guard let start = bytes.firstIndex(where: isPrintable),
            let end = bytes.lastIndex(where: isPrintable)
        else { return "" }
        var text = String.UnicodeScalarView()
        for byte in bytes[start...end] {
            text.append(isPrintable(byte) ? Unicode.Scalar(byte) : " ")
        }
        return String(text)
    }
}
