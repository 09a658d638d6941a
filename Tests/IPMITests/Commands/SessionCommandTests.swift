import NIOCore
import Testing

import IPMIWire

@Suite struct SessionCommandTests {
    private func written(_ value: some WireValue) -> [UInt8] {
        var buffer = ByteBuffer()
        value.write(into: &buffer)
        return buffer.unread
    }

    private func read<Value: WireValue>(_ bytes: [UInt8], as type: Value.Type) throws -> Value {
        var buffer = ByteBuffer(bytes: bytes)
        return try Value.read(from: &buffer)
    }

    @Test("Get Channel Authentication Capabilities asks for version 2.0 with the highest bit")
    func capabilities() throws {
        let request = GetChannelAuthenticationCapabilities(privilegeLevel: .administrator)
        #expect(written(request) == [0x8E, 4])
        #expect(
            try read([0x8E, 4], as: GetChannelAuthenticationCapabilities.self) == request)

        typealias Response = GetChannelAuthenticationCapabilities.Response
        // As ipmi_sim answers, but with K_G set.
        let bytes: [UInt8] = [1, 0x97, 0x2E, 0x03, 0x57, 0x01, 0x00, 9]
        let response = try read(bytes, as: Response.self)
        #expect(response.isExtended && response.speaksVersion2 && response.speaksVersion1)
        #expect(response.hasBMCKey && response.hasNamedUsers && response.hasNullUser)
        #expect(!response.hasAnonymousUser && response.oem == 343 && response.oemData == 9)
        #expect(written(response) == bytes)
    }

    @Test("a BMC that knows version 1.5 alone may leave the extended bytes out")
    func oldCapabilities() throws {
        let response = try read(
            [1, 0x15, 0x04], as: GetChannelAuthenticationCapabilities.Response.self)
        #expect(!response.isExtended && !response.speaksVersion2 && response.speaksVersion1)
    }

    @Test("Get Channel Cipher Suites carries an index, and up to 16 bytes of records")
    func suites() throws {
        let request = GetChannelCipherSuites(index: 2)
        #expect(written(request) == [0x0E, 0, 0x82])
        #expect(try read([0x0E, 0, 0x82], as: GetChannelCipherSuites.self) == request)
        let response = GetChannelCipherSuites.Response(channel: 1, records: [0xC0, 3])
        #expect(written(response) == [1, 0xC0, 3])
        #expect(try read([1, 0xC0, 3], as: GetChannelCipherSuites.Response.self) == response)
    }

    @Test("cipher suite records are told apart by their tags, an OEM's among them")
    func records() {
        let suite3: [UInt8] = [0xC0, 3, 0x01, 0x41, 0x81]
        let oem: [UInt8] = [0xC1, 0x80, 0xF2, 0x1B, 0x00, 0x02, 0x42, 0x81, 0x82]
        let suite17: [UInt8] = [0xC0, 17, 0x03, 0x44, 0x81]
        let records = CipherSuiteRecord.readAll(suite3 + oem + suite17)
        #expect(
            records == [
                CipherSuiteRecord(.sha1),
                CipherSuiteRecord(
                    id: 0x80, oem: 7154, authentication: [2], integrity: [2],
                    confidentiality: [1, 2]),
                CipherSuiteRecord(.sha256),
            ])
        #expect(records.flatMap(written) == suite3 + oem + suite17)
        #expect(CipherSuiteRecord.readAll(suite3 + [0x00, 0xC0]).count == 1)
    }

    @Test("Set Session Privilege Level asks with 0 for the present level")
    func privilege() throws {
        for (level, byte) in [(nil, 0), (.user, 2), (.administrator, 4)]
            as [(PrivilegeLevel?, UInt8)]
        {
            let request = SetSessionPrivilegeLevel(level: level)
            #expect(written(request) == [byte])
            #expect(try read([byte], as: SetSessionPrivilegeLevel.self) == request)
            #expect(
                try read([byte], as: SetSessionPrivilegeLevel.Response.self).level == level)
        }
    }

    @Test("Close Session names an ID, or a handle after a 0")
    func close() throws {
        for (target, bytes) in [
            (.session(0x0403_0201), [1, 2, 3, 4]), (.handle(5), [0, 0, 0, 0, 5]),
        ] as [(CloseSession.Target, [UInt8])] {
            #expect(written(CloseSession(target: target)) == bytes)
            #expect(try read(bytes, as: CloseSession.self).target == target)
        }
        #expect(throws: IPMIWireError.truncated("session handle")) {
            try read([0, 0, 0, 0], as: CloseSession.self)
        }
    }
}
