package import NIOCore

/// Asks whether something listens that speaks RMCP (ASF 2.0 3.2.4.3, IPMI v2.0 13.2.3).
package struct PresencePing: Hashable, Sendable {
    /// Comes back in the pong; 0xFF would ask for none.
    package var tag: UInt8

    package init(tag: UInt8) {
        self.tag = tag
    }

    package func write(into buffer: inout ByteBuffer) {
        ASFHeader(type: .ping, tag: tag, length: 0).write(into: &buffer)
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> PresencePing {
        let header = try ASFHeader.read(from: &buffer)
        guard header.type == .ping else { throw .invalid("ASF message type") }
        return PresencePing(tag: header.tag)
    }
}

/// The answer to a ``PresencePing`` (ASF 2.0 3.2.4.2, IPMI v2.0 13.2.4).
package struct PresencePong: Hashable, Sendable {
    package var tag: UInt8
    /// Whether IPMI is spoken here (bit 7 of the supported entities).
    package var supportsIPMI: Bool

    package init(tag: UInt8, supportsIPMI: Bool) {
        self.tag = tag
        self.supportsIPMI = supportsIPMI
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> PresencePong {
        let header = try ASFHeader.read(from: &buffer)
        guard header.type == .pong else { throw .invalid("ASF message type") }
        try buffer.skip("pong's enterprise numbers", count: 8)
        let entities: UInt8 = try buffer.take("supported entities")
        return PresencePong(tag: header.tag, supportsIPMI: entities & 0x80 != 0)
    }

    package func write(into buffer: inout ByteBuffer) {
        ASFHeader(type: .pong, tag: tag, length: 16).write(into: &buffer)
        buffer.writeInteger(ASFHeader.enterprise)
        buffer.writeInteger(UInt32(0))
        // The low bits are the version of ASF: 1.0.
        buffer.writeInteger(UInt8(supportsIPMI ? 0x81 : 0x01))
        buffer.writeRepeatingByte(0, count: 7)
    }
}

/// What an ASF message begins with (ASF 2.0 3.2.2.3). ASF's numbers are in network byte order.
private struct ASFHeader {
    enum MessageType: UInt8 {
        case pong = 0x40
        case ping = 0x80
    }

    /// ASF's enterprise number at IANA.
    static let enterprise: UInt32 = 4542

    var type: MessageType
    var tag: UInt8
    var length: UInt8

    static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> ASFHeader {
        guard try buffer.take("ASF enterprise", as: UInt32.self, endianness: .big) == enterprise
        else { throw .invalid("ASF enterprise") }
        guard let type = MessageType(rawValue: try buffer.take("ASF message type")) else {
            throw .invalid("ASF message type")
        }
        let tag: UInt8 = try buffer.take("ASF message tag")
        try buffer.skip("ASF reserved", count: 1)
        return ASFHeader(type: type, tag: tag, length: try buffer.take("ASF data length"))
    }

    func write(into buffer: inout ByteBuffer) {
        buffer.writeInteger(Self.enterprise)
        buffer.writeBytes([type.rawValue, tag, 0, length])
    }
}
