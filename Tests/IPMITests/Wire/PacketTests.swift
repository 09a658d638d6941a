import NIOCore
import Testing

@testable import IPMIWire

@Suite struct PacketTests {
    private func written(_ write: (inout ByteBuffer) -> Void) -> [UInt8] {
        var buffer = ByteBuffer()
        write(&buffer)
        return buffer.unread
    }

    @Test("a presence ping is the ASF specification's, and its pong tells of IPMI")
    func ping() throws {
        let ping = written { buffer in
            RMCPHeader(messageClass: .asf).write(into: &buffer)
            PresencePing(tag: 7).write(into: &buffer)
        }
        #expect(ping == bytes("0600ff06 000011be 80070000"))
        var pong = ByteBuffer(bytes: bytes("000011be40070010000011be00000000810000000000 0000"))
        let read = try PresencePong.read(from: &pong)
        #expect(read == PresencePong(tag: 7, supportsIPMI: true))
        let again = written { read.write(into: &$0) }
        #expect(again == bytes("000011be40070010000011be00000000810000000000 0000"))
    }

    // Get Channel Authentication Capabilities, as every console sends it first; the bytes follow
    // from IPMI v2.0 13.6, 13.8 and 22.13 by hand.
    @Test("a message outside of sessions has both checksums")
    func sessionless() throws {
        let request = LANRequest(
            function: .application, command: 0x38, sequence: 0, data: [0x8E, 0x04])
        let message = written { request.write(into: &$0) }
        #expect(message == bytes("20 18 c8 81 00 38 8e 04 b5"))
        let packet = written { SessionlessPacket(message: message).write(into: &$0) }
        #expect(packet == bytes("00 00000000 00000000 09") + message)
        var buffer = ByteBuffer(bytes: packet)
        var inner = ByteBuffer(bytes: try SessionlessPacket.read(from: &buffer).message)
        #expect(try LANRequest.read(from: &inner) == request)
    }

    @Test("a response is read with its completion code, and a wrong checksum refused")
    func response() throws {
        let response = LANResponse(
            function: .chassis, command: 0x01, sequence: 5, code: .ok, data: [0x01, 0x00, 0x40])
        let message = written { response.write(into: &$0) }
        var buffer = ByteBuffer(bytes: message)
        #expect(try LANResponse.read(from: &buffer) == response)
        for index in message.indices {
            var broken = message
            broken[index] ^= 0x40
            var buffer = ByteBuffer(bytes: broken)
            #expect(throws: IPMIWireError.self) { try LANResponse.read(from: &buffer) }
        }
        for count in message.indices {
            var buffer = ByteBuffer(bytes: message[..<count])
            #expect(throws: IPMIWireError.self) { try LANResponse.read(from: &buffer) }
        }
    }

    // One in 256 codes has a 7, the next header, at the place where a shorter code would begin.
    @Test("a code that is too long is read from its beginning, whatever its bytes")
    func longCode() throws {
        for payload in [[1, 2, 3, 4], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6]] as [[UInt8]] {
            let packet = RMCPPlusPacket(
                payloadType: .ipmi, isEncrypted: false, sessionID: 1, sequence: 1, payload: payload)
            for byte in UInt8.min...UInt8.max {
                let code = [UInt8](repeating: byte, count: 24)
                var buffer = ByteBuffer(bytes: written { packet.write(into: &$0) { _ in code } })
                let read = try RMCPPlusPacket.read(from: &buffer, codeLength: 16)
                #expect(read.payload == payload)
                #expect(read.seal?.code == Array(code.prefix(16)))
                let trailer = (4 - (12 + payload.count + 2) % 4) % 4 + 2
                #expect(read.seal?.covered.count == 12 + payload.count + trailer)
            }
        }
    }

    @Test("a signed packet is padded to four bytes, and its code covers all before it")
    func signed() throws {
        for count in 0..<9 {
            let packet = RMCPPlusPacket(
                payloadType: .ipmi, isEncrypted: true, sessionID: 0x0102_0304, sequence: 9,
                payload: Array(repeating: 0xAA, count: count))
            var covered: [UInt8] = []
            let packed = written { buffer in
                packet.write(into: &buffer) {
                    covered = $0
                    return Array(repeating: 0xCC, count: 12)
                }
            }
            #expect(covered.count % 4 == 0)
            #expect(packed == covered + Array(repeating: 0xCC, count: 12))
            #expect(packed.starts(with: bytes("06 c0 04030201 09000000")))
            var buffer = ByteBuffer(bytes: packed)
            let read = try RMCPPlusPacket.read(from: &buffer, codeLength: 12)
            #expect(read.payload == packet.payload && read.seal?.covered == covered)
        }
    }
}
