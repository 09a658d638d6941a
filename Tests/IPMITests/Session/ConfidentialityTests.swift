import Testing

@testable import IPMIWire

/// The expected values were computed apart from this code, with the Python package `cryptography`
/// and the padding of IPMI v2.0 13.29.
@Suite struct ConfidentialityTests {
    static let key = [UInt8](0..<16)
    static let vector = [UInt8](0xF0...0xFF)

    @Test(
        "a payload is padded to whole blocks and enciphered behind its vector",
        arguments: [
            (7, "5bab99325d572cfeda18912d1e0ec545"),
            (15, "d57384baf65e366a5f1e248cc20293d3"),
            (16, "753d5eacf88ed4c2c30496112e5f222128b3a1b8ecdb24df8558caf3ef137a66"),
            (23, "753d5eacf88ed4c2c30496112e5f2221f6af994879876b0ac179bc25d01ec2da"),
        ])
    func vectors(count: UInt8, expected: String) throws {
        let payload = [UInt8](0..<count)
        let sealed = try CipherSuite.Confidentiality.aesCBC128.seal(
            payload, key: Self.key, vector: Self.vector)
        #expect(sealed == Self.vector + bytes(expected))
        let opened = try CipherSuite.Confidentiality.aesCBC128.open(sealed, key: Self.key)
        #expect(opened == payload)
    }

    @Test("what is no whole number of blocks, or pads more than there is, is refused")
    func refusals() throws {
        let cipher = CipherSuite.Confidentiality.aesCBC128
        for count in [0, 1, 16, 31, 33] {
            #expect(throws: IPMIWireError.self) {
                try cipher.open(Array(repeating: 0, count: count), key: Self.key)
            }
        }
        let sealed = try cipher.seal(Array(0..<15), key: Self.key, vector: Self.vector)
        // Flipping a bit of the vector flips it in the first block, whose last byte is the length.
        var broken = sealed
        broken[15] ^= 0x10
        #expect(throws: IPMIWireError.notAuthentic("padding")) {
            try cipher.open(broken, key: Self.key)
        }
    }
}
