/// Makes bodies in the gzip format (RFC 1952, RFC 1951).
public enum Gzip {
    /// `bytes`, at most 65,535, packed without being made any shorter.
    public static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt16(truncatingIfNeeded: bytes.count)
        var packed = header
        // A last block that is not compressed.
        packed.append(1)
        packed += littleEndian(count)
        packed += littleEndian(~count)
        packed += bytes
        packed += littleEndian(checksum(bytes))
        packed += littleEndian(UInt32(count))
        return packed
    }

    /// What unpacks to one byte and `count` times 258 more of the same, without an end.
    public static func bomb(count: Int) -> [UInt8] {
        var bits: [UInt8] = []
        // A last block in fixed codes, then the letter "A".
        bits += [1, 1, 0]
        bits += code(0x30 + 0x41, length: 8)
        // The code for "258 bytes" and that for "from one byte back".
        let again = code(0b1100_0101, length: 8) + code(0, length: 5)
        for _ in 0..<count { bits += again }
        while bits.count % 8 != 0 { bits.append(0) }
        let packed = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reversed().reduce(UInt8(0)) { $0 << 1 | $1 }
        }
        return header + packed
    }

    /// `before`, `again` so many times, and `after`, in a few thousandths of their size.
    public static func repeating(
        before: String, _ again: String, _ count: Int, after: String
    ) -> [UInt8] {
        let period = again.utf8.count
        let whole = Array((before + again).utf8)
        var bits: [UInt8] = [1, 1, 0]
        for byte in whole { bits += literal(byte) }
        // "258 bytes, as they stood a period ago", as often as that fits; the rest stands for itself.
        let left = period * (count - 1)
        let distance = code(UInt16(period - 1), length: 5)
        precondition((1...4).contains(period), "longer distances have other codes")
        for _ in 0..<(left / 258) { bits += code(0b1100_0101, length: 8) + distance }
        let cycle = Array(again.utf8)
        for index in 0..<(left % 258) {
            bits += literal(cycle[(left / 258 * 258 + index) % period])
        }
        for byte in after.utf8 { bits += literal(byte) }
        bits += code(0, length: 7)
        while bits.count % 8 != 0 { bits.append(0) }
        let packed = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reversed().reduce(UInt8(0)) { $0 << 1 | $1 }
        }
        let text =
            whole + Array(repeatElement(cycle, count: count - 1).joined())
            + Array(after.utf8)
        return header + packed + littleEndian(checksum(text)) + littleEndian(UInt32(text.count))
    }

    // Of the fixed codes (RFC 1951, section 3.2.6).
    private static func literal(_ byte: UInt8) -> [UInt8] {
        byte < 144
            ? code(0x30 + UInt16(byte), length: 8) : code(0x190 + UInt16(byte) - 144, length: 9)
    }

    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

    // Huffman codes are written from their highest bit on (RFC 1951, section 3.1.1).
    private static func code(_ value: UInt16, length: Int) -> [UInt8] {
        (0..<length).reversed().map { UInt8(value >> UInt16($0) & 1) }
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = .max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 {
                let half = sum >> 1
                sum = sum & 1 == 0 ? half : half ^ 0xEDB8_8320
            }
        }
        return ~sum
    }
}
