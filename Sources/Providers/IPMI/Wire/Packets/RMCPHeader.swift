package import NIOCore

/// What every packet on port 623 begins with (IPMI v2.0 13.1.3, RMCP message header; ASF 2.0 3.2.2.2).
package struct RMCPHeader: Hashable, Sendable {
    /// Whose message follows.
    package enum MessageClass: UInt8, Sendable {
        case asf = 0x06
        case ipmi = 0x07
    }

    /// RMCP's version 1.0.
    package static let version: UInt8 = 0x06
    /// The sequence number that asks for no acknowledgement; IPMI uses no other.
    package static let noAcknowledgement: UInt8 = 0xFF

    package var messageClass: MessageClass

    package init(messageClass: MessageClass) {
        self.messageClass = messageClass
    }

    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> RMCPHeader {
        guard try buffer.take("RMCP version", as: UInt8.self) == version else {
            throw .invalid("RMCP version")
        }
        // Reserved, and the sequence number, which matters to acknowledgements alone.
        try buffer.skip("RMCP sequence", count: 2)
        // An acknowledgement (bit 7) carries no message.
        guard let messageClass = MessageClass(rawValue: try buffer.take("RMCP class")) else {
            throw .invalid("RMCP class")
        }
        return RMCPHeader(messageClass: messageClass)
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes([Self.version, 0, Self.noAcknowledgement, messageClass.rawValue])
    }
}
