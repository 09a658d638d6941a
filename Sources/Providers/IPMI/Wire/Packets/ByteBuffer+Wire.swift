package import NIOCore

/// Reading that throws where the packet ends, and IPMI's byte order: least significant byte first
/// (IPMI v2.0 5.1).
extension ByteBuffer {
    package mutating func take<Number: FixedWidthInteger>(
        _ field: String, as type: Number.Type = Number.self, endianness: Endianness = .little
    ) throws(IPMIWireError) -> Number {
        guard let value = readInteger(endianness: endianness, as: type) else {
            throw .truncated(field)
        }
        return value
    }

    package mutating func takeBytes(
        _ field: String, count: Int
    ) throws(IPMIWireError) -> [UInt8] {
        guard count >= 0, let bytes = readBytes(length: count) else { throw .truncated(field) }
        return bytes
    }

    package mutating func skip(_ field: String, count: Int) throws(IPMIWireError) {
        guard count >= 0, readerIndex + count <= writerIndex else { throw .truncated(field) }
        moveReaderIndex(forwardBy: count)
    }

    package mutating func put(_ number: some FixedWidthInteger) {
        writeInteger(number, endianness: .little)
    }

    /// All that was not read yet.
    package var unread: [UInt8] { Array(readableBytesView) }
}
