package import NIOCore

/// What requests and responses have in common (IPMI v2.0 13.8).
package struct LANMessage {
    package var destination: UInt8
    package var function: UInt8
    package var lun: UInt8
    package var sequence: UInt8
    package var command: UInt8
    package var data: [UInt8]

    package init(
        destination: UInt8, function: UInt8, lun: UInt8, sequence: UInt8, command: UInt8,
        data: [UInt8]
    ) {
        self.destination = destination
        self.function = function
        self.lun = lun
        self.sequence = sequence
        self.command = command
        self.data = data
    }

    /// Takes the whole of `buffer`.
    /// - Parameter isProtected: whether it is known by other means that nothing was changed on the
    ///   way, so that wrong checksums are the sender's mistake.
    package static func read(
        from buffer: inout ByteBuffer, isProtected: Bool = false
    ) throws(IPMIWireError) -> LANMessage {
        let head = try buffer.takeBytes("message header", count: 3)
        guard isProtected || checksum(head) == 0 else {
            throw .notAuthentic("message header's checksum")
        }
        let body = try buffer.takeBytes("message body", count: buffer.readableBytes)
        guard body.count >= 4 else { throw .truncated("message body") }
        guard isProtected || checksum(body) == 0 else {
            throw .notAuthentic("message body's checksum")
        }
        return LANMessage(
            destination: head[0], function: head[1] >> 2, lun: head[1] & 0x03,
            sequence: body[1] >> 2,
            command: body[2], data: Array(body[3..<(body.count - 1)]))
    }
}

/// The two's complement of the sum of all bytes (IPMI v2.0 13.8): over bytes and their checksum it
/// is 0.
package func checksum(_ bytes: [UInt8]) -> UInt8 {
    0 &- bytes.reduce(0, &+)
}
