package import NIOCore

/// A message outside of any session, in the IPMI v1.5 format (IPMI v2.0 13.6, table 13-8): how a
/// console asks what authentication is possible.
package struct SessionlessPacket: Hashable, Sendable {
    /// The payload, a LAN message.
    package var message: [UInt8]

    package init(message: [UInt8]) {
        self.message = message
    }

    /// Expects to stand behind the RMCP header.
    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError)
        -> SessionlessPacket
    {
        guard try buffer.take("authentication type", as: UInt8.self) & 0x0F == 0 else {
            throw .invalid("authentication type")
        }
        // Sequence number and session ID, both 0 outside of a session.
        try buffer.skip("session header", count: 8)
        let length: UInt8 = try buffer.take("message length")
        return SessionlessPacket(message: try buffer.takeBytes("message", count: Int(length)))
    }

    package func write(into buffer: inout ByteBuffer) {
        buffer.writeRepeatingByte(0, count: 9)
        buffer.writeInteger(UInt8(truncatingIfNeeded: message.count))
        buffer.writeBytes(message)
    }
}
