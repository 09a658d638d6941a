package import NIOCore

/// A packet in the RMCP+ format (IPMI v2.0 13.6, table 13-8).
package struct RMCPPlusPacket: Hashable, Sendable {
    package var payloadType: PayloadType
    /// Whether ``payload`` is enciphered.
    package var isEncrypted = false
    /// The receiver's ID of the session; 0 outside of one.
    package var sessionID: UInt32 = 0
    /// Counts within a session, apart for each direction; 0 outside of one.
    package var sequence: UInt32 = 0
    /// As it travels.
    package var payload: [UInt8]
    /// What the authentication code has to be made of, and the code; nil for a packet without one.
    package var seal: Seal?

    package init(
        payloadType: PayloadType, isEncrypted: Bool = false, sessionID: UInt32 = 0,
        sequence: UInt32 = 0, payload: [UInt8], seal: Seal? = nil
    ) {
        self.payloadType = payloadType
        self.isEncrypted = isEncrypted
        self.sessionID = sessionID
        self.sequence = sequence
        self.payload = payload
        self.seal = seal
    }

    package struct Seal: Hashable, Sendable {
        /// From the authentication type to the next header.
        package var covered: [UInt8]
        package var code: [UInt8]

        package init(covered: [UInt8], code: [UInt8]) {
            self.covered = covered
            self.code = code
        }
    }

    /// The authentication type that announces this format (IPMI v2.0 13.6).
    package static let format: UInt8 = 0x06

    /// Reads what stands behind the RMCP header. An authentication code is not checked here.
    /// - Parameter codeLength: How long the session's authentication codes are.
    package static func read(
        from buffer: inout ByteBuffer, codeLength: Int
    ) throws(IPMIWireError) -> RMCPPlusPacket {
        let whole = buffer.unread
        let start = buffer.readerIndex
        guard try buffer.take("authentication type", as: UInt8.self) == format else {
            throw .invalid("authentication type")
        }
        let type: UInt8 = try buffer.take("payload type")
        guard let payloadType = PayloadType(rawValue: type & 0x3F) else {
            throw .invalid("payload type")
        }
        let sessionID: UInt32 = try buffer.take("session ID")
        let sequence: UInt32 = try buffer.take("session sequence number")
        let length: UInt16 = try buffer.take("payload length")
        let payload = try buffer.takeBytes("payload", count: Int(length))
        var packet = RMCPPlusPacket(
            payloadType: payloadType, isEncrypted: type & 0x80 != 0, sessionID: sessionID,
            sequence: sequence, payload: payload)
        guard type & 0x40 != 0 else { return packet }
        // Padding, its length, the next header, and the code up to the end.
        var trailer = buffer.readableBytes - codeLength
        guard trailer >= 2 else { throw .truncated("session trailer") }
        let head = buffer.readerIndex - start
        let usual = trailerLength(after: head)
        if usual < trailer {
            // There are BMCs whose codes are longer than they should be. Where the trailer is as it
            // should be, a byte of the code is not taken for the end of a longer one.
            let isUsual =
                whole[head + usual - 2] == UInt8(usual - 2) && whole[head + usual - 1] == nextHeader
            if isUsual || whole[head + trailer - 1] != nextHeader { trailer = usual }
        }
        try buffer.skip("integrity padding", count: trailer)
        let covered = Array(whole.prefix(buffer.readerIndex - start))
        guard covered.last == nextHeader else { throw .invalid("next header") }
        packet.seal = Seal(
            covered: covered, code: try buffer.takeBytes("authentication code", count: codeLength))
        return packet
    }

    /// Writes the packet without an authentication code; behind the RMCP header.
    package func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes(head(isAuthenticated: false))
    }

    /// Writes the packet with an authentication code.
    /// - Parameter sign: makes the code of what it has to cover.
    package func write(into buffer: inout ByteBuffer, sign: ([UInt8]) -> [UInt8]) {
        var covered = head(isAuthenticated: true)
        let padding = Self.trailerLength(after: covered.count) - 2
        covered += Array(repeating: 0xFF, count: padding) + [UInt8(padding), Self.nextHeader]
        buffer.writeBytes(covered + sign(covered))
    }

    /// How long padding, its length and the next header are: what is covered fills whole groups of
    /// four bytes (IPMI v2.0 13.6, integrity pad).
    private static func trailerLength(after count: Int) -> Int {
        (4 - (count + 2) % 4) % 4 + 2
    }

    private func head(isAuthenticated: Bool) -> [UInt8] {
        var head = ByteBuffer()
        let flags: UInt8 = (isEncrypted ? 0x80 : 0) | (isAuthenticated ? 0x40 : 0)
        head.writeBytes([Self.format, payloadType.rawValue | flags])
        head.put(sessionID)
        head.put(sequence)
        head.put(UInt16(truncatingIfNeeded: payload.count))
        head.writeBytes(payload)
        return head.unread
    }

    private static let nextHeader: UInt8 = 0x07
}
