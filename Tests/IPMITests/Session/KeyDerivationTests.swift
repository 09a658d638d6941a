import Testing

@testable import IPMIWire

/// The expected values were computed apart from this code, by Python's hmac and hashlib from the
/// formulas of IPMI v2.0 13.31 and 13.32.
@Suite struct KeyDerivationTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let authentication: CipherSuite.Authentication
        let rakp2: String
        let rakp3: String
        let bmcKey: String?
        let sessionKey: String
        let rakp4: String
        let integrity: String
        let confidentiality: String

        var testDescription: String {
            "\(authentication), \(bmcKey.map { "K_G \($0)" } ?? "no K_G")"
        }
    }

    static let sha1 = (
        "53692cc9c8670e6deff2282bed79ccfea0e14ea2", "2ad2ec4349bc11c408ce6e5450893122ca084566"
    )
    static let sha256 = (
        "1c53baa5d422917d59c583a1a0ee8157802b2620c447bf31894f1c1c9fa13fe7",
        "1b825cec379fcd6f2a3699b1b704dd84fd25bf36c61934df02913e29c028d5ef"
    )

    static let vectors = [
        Vector(
            authentication: .hmacSHA1, rakp2: sha1.0, rakp3: sha1.1, bmcKey: nil,
            sessionKey: "76b734500726bd018727a9bea886ad327d502e6a",
            rakp4: "e829fe4a9e9679f7f7560718",
            integrity: "a7b8af5d848304b55044aca12baa0c8716acd367",
            confidentiality: "7f778a2119c5d3fd6d488f5521b630a1"),
        Vector(
            authentication: .hmacSHA1, rakp2: sha1.0, rakp3: sha1.1,
            bmcKey: "0123456789ABCDEFGHIJ",
            sessionKey: "f4da035db97eb23437e7282dd2a74e692fa10a9c",
            rakp4: "f6813a3e3fa8ef0523584d44",
            integrity: "63c2d672edd417b7e1acb6a1e7d162fd959ae24b",
            confidentiality: "23f2259467eb7522a21b74a0ee8e9c90"),
        Vector(
            authentication: .hmacSHA256, rakp2: sha256.0, rakp3: sha256.1, bmcKey: nil,
            sessionKey: "547662bd4217512b75d303e94e64572431b16c73910897fef6fac38255c9d54c",
            rakp4: "4d598bc50bf1ee9786ab74823a06bf6c",
            integrity: "518dc1557f0dde2e0761570f6b59b5be5a2d28e362de7951bcc2534dee8db0e8",
            confidentiality: "d4e1dbb725897c1a2ce26cde0fc628a9"),
        Vector(
            authentication: .hmacSHA256, rakp2: sha256.0, rakp3: sha256.1,
            bmcKey: "0123456789ABCDEFGHIJ",
            sessionKey: "f1b4ba54be3f332e6833e24b3033df55cc1e4a6ae33c05ffe64f94107b069de1",
            rakp4: "e29ab4889d3b48e382ecd6a26ef99738",
            integrity: "e55ca3c0b65770f71a2b5a552054dfb2cecb7f308874520a2b2ec64de72a2c15",
            confidentiality: "2989fa73f4e06a6b36477266a144f1a9"),
    ]

    @Test("codes and keys are those of the specification's formulas", arguments: vectors)
    func derivation(vector: Vector) {
        let exchange = RAKPExchange(
            authentication: vector.authentication, consoleID: 0xA0A2_A3A4, bmcID: 2,
            consoleRandom: Array(0x10..<0x20), bmcRandom: Array(0x20..<0x30),
            bmcGUID: Array(0x30..<0x40), role: RAKP1.Role(privilege: .administrator),
            username: Array("ADMIN".utf8))
        let userKey = Array("ADMIN123".utf8)
        #expect(exchange.rakp2Code(userKey: userKey) == bytes(vector.rakp2))
        #expect(exchange.rakp3Code(userKey: userKey) == bytes(vector.rakp3))
        let sessionKey = exchange.sessionKey(
            bmcKey: vector.bmcKey.map { Array($0.utf8) } ?? userKey)
        #expect(sessionKey == bytes(vector.sessionKey))
        #expect(exchange.rakp4Code(sessionKey: sessionKey) == bytes(vector.rakp4))
        let keys = SessionKeys(authentication: vector.authentication, sessionKey: sessionKey)
        #expect(keys.integrity == bytes(vector.integrity))
        #expect(keys.confidentiality == bytes(vector.confidentiality))
    }

    @Test("keys do not show in descriptions or dumps")
    func secrecy() {
        let keys = SessionKeys(authentication: .hmacSHA1, sessionKey: [1, 2, 3])
        var dumped = ""
        dump(keys, to: &dumped)
        #expect("\(keys)" == "session keys")
        #expect(!dumped.contains("\(keys.integrity[0])"))
    }
}
