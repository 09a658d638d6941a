internal import IPMIWire
internal import NIOCore

/// A command outside of any session, as a datagram.
enum SessionlessMessage {
    /// In the format of IPMI v1.5, which BMCs of all versions understand.
    static func datagram(_ request: LANRequest) -> [UInt8] {
        var message = ByteBuffer()
        request.write(into: &message)
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        SessionlessPacket(message: message.unread).write(into: &buffer)
        return buffer.unread
    }

    /// In the format of RMCP+, for what is asked about version 2.0.
    static func extendedDatagram(_ request: LANRequest) -> [UInt8] {
        var message = ByteBuffer()
        request.write(into: &message)
        var buffer = ByteBuffer()
        RMCPHeader(messageClass: .ipmi).write(into: &buffer)
        RMCPPlusPacket(payloadType: .ipmi, payload: message.unread).write(into: &buffer)
        return buffer.unread
    }

    /// The answer to `request`, in either format; nil for any other packet.
    static func response(in datagram: [UInt8], to request: LANRequest) -> LANResponse? {
        var buffer = ByteBuffer(bytes: datagram)
        do {
            guard try RMCPHeader.read(from: &buffer).messageClass == .ipmi else { return nil }
            var message: ByteBuffer
            if buffer.getInteger(at: buffer.readerIndex) == RMCPPlusPacket.format {
                let packet = try RMCPPlusPacket.read(from: &buffer, codeLength: 0)
                guard packet.sessionID == 0, packet.payloadType == .ipmi, !packet.isEncrypted
                else { return nil }
                message = ByteBuffer(bytes: packet.payload)
            } else {
                message = ByteBuffer(bytes: try SessionlessPacket.read(from: &buffer).message)
            }
            let response = try LANResponse.read(from: &message)
            return response.answers(request) ? response : nil
        } catch {
            return nil
        }
    }
}
