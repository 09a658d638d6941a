import Testing

@testable import IPMIWire

/// Packets and keys of a session of others, in hexadecimal: `ipmitool -I lanplus -U admin
/// -P interop-hush -vvvvv raw 6 1`. The keys are those that ipmitool printed.
struct CapturedSession: Sendable, CustomTestStringConvertible {
    struct Exchange: Sendable {
        /// What the request was enciphered with.
        let vector: String
        let request: String
        let response: String
    }

    static let consoleID: UInt32 = 0xA0A2_A3A4
    static let username = "admin"
    static let password = "interop-hush"

    let suite: CipherSuite
    let consoleRandom: String
    let openRequest: String
    let openResponse: String
    let rakp1: String
    let rakp2: String
    let rakp3: String
    let rakp4: String
    /// SIK.
    let sessionKey: String
    /// K1.
    let integrityKey: String
    /// K2, of which AES takes the first half.
    let secondKey: String
    /// Set Session Privilege Level; the console's packet with the number 3, the BMC's first.
    let privilege: Exchange
    /// Get Device ID; the console's packet with the number 5, the BMC's third.
    let deviceID: Exchange

    var testDescription: String { "\(suite)" }

    /// ipmitool 1.8.19 against OpenIPMI's ipmi_sim 2.0.33.
    static let suite3 = CapturedSession(
        suite: .sha1,
        consoleRandom: "820910eff839bcc91f995303328edfb7",
        openRequest: "0600ff0706100000000000000000200000000000a4a3a2a0000000080100000001000008"
            + "010000000200000801000000",
        openResponse: "0600ff0706110000000000000000240000000000a4a3a2a0020000000000000801000000"
            + "01000008010000000200000801000000",
        rakp1: "0600ff070612000000000000000021000000000002000000820910eff839bcc91f995303"
            + "328edfb71400000561646d696e",
        rakp2: "0600ff07061300000000000000003c0000000000a4a3a2a0128cc662cc79a6d48e9206c1"
            + "8e7fbc8ea123456789abcdefa123456789abcdefdd162b61bf6781e2e906b104509a92c6"
            + "310ff763",
        rakp3: "0600ff07061400000000000000001c0000000000020000007fab6f027623ac9941bb80c0"
            + "e1e41ca15283ca7a",
        rakp4: "0600ff0706150000000000000000140000000000a4a3a2a011c48353902e8f0b899fb38b",
        sessionKey: "36429a16543f235361f826c956ff541d61afb823",
        integrityKey: "a18da36a561543201255e5d9cd65b4ed504c3dd7",
        secondKey: "53f94b2af3386845f13bca9a4d95e37d73611798",
        privilege: Exchange(
            vector: "56742a16fe6f5011988ee094a0793155",
            request: "0600ff0706c00200000003000000200056742a16fe6f5011988ee094a0793155191e006a"
                + "af79318a250fbdb1b4bc4d29ffff0207f04cfd1358bbcdf1e8e16b94",
            response: "0600ff0706c0a4a3a2a00100000020008b7cb09784e4661f11e405244f817bdbe6aad1be"
                + "416c1a3ce7b2acf5862ab7e2ffff02079639a8faa634ac2644722fa5"),
        deviceID: Exchange(
            vector: "58942f7c1f2e23bd732fd83cdcc65764",
            request: "0600ff0706c00200000005000000200058942f7c1f2e23bd732fd83cdcc657648dd88c7d"
                + "b36cdb8bbf3713666d055511ffff02070fbd812a97cb3487c7bbd183",
            response: "0600ff0706c0a4a3a2a003000000300046a3381766107eba1d0d2de45023fbbe08b89597"
                + "d7fc006841f1961b5415192fa746b68f286a0ef66ee1cbd8e516f5c4ffff020761ea976d"
                + "d3a90d762a8c5619"))

    /// ipmitool 1.8.19 against a BMC made for it with Python's `hmac` and the package
    /// `cryptography`, for ipmi_sim does not speak this suite.
    static let suite17 = CapturedSession(
        suite: .sha256,
        consoleRandom: "d3e271acdeb601fc033be3eca1b55819",
        openRequest: "0600ff0706100000000000000000200000000000a4a3a2a0000000080300000001000008"
            + "040000000200000801000000",
        openResponse: "0600ff0706110000000000000000240000000400a4a3a2a0060a00000000000803000000"
            + "01000008040000000200000801000000",
        rakp1: "0600ff0706120000000000000000210000000000060a0000d3e271acdeb601fc033be3ec"
            + "a1b558191400000561646d696e",
        rakp2: "0600ff0706130000000000000000480000000000a4a3a2a0245d887f325cede7cf9e234f"
            + "0f64d035606162636465666768696a6b6c6d6e6f9c4c6c06a4a1119cd0c90579c948c51e"
            + "716da534b50a73614475e30b281ac392",
        rakp3: "0600ff0706140000000000000000280000000000060a0000de63359ec40f3760b9f50f59"
            + "d4c38de64f9e614bd667f1db31d765850a474297",
        rakp4: "0600ff0706150000000000000000180000000000a4a3a2a0296de5b8151da19035f54a0d"
            + "67ffb77f",
        sessionKey: "eb33c2203fe64f34f1f792763d4b2c5892cda1efcd763d7112c5496a28616d73",
        integrityKey: "6a0e45cc0f03bfe587855d8f8237cc26bb37826b831023795b9e391d2ba79de1",
        secondKey: "28eafaea898d5a93ceadb8388b466510ce14aff7ce28d57a6457685a07bb97bb",
        privilege: Exchange(
            vector: "c0abd180b52fad975320d4c1479962fe",
            request: "0600ff0706c0060a0000030000002000c0abd180b52fad975320d4c1479962fe8ea08c91"
                + "165e6c47762cf91193dfd2e9ffff02078c82937598b0f15442e771766487420a",
            response: "0600ff0706c0a4a3a2a001000000200059be6cbe26d3e52cbaab58c09c296bdfa40e29c1"
                + "cf4dcf4567a3cf12d800b9ccffff020780ec4b58ac3e291c278768b90013af57"),
        deviceID: Exchange(
            vector: "a96a7bed06bcc760e61dedb31ad3b97c",
            request: "0600ff0706c0060a0000050000002000a96a7bed06bcc760e61dedb31ad3b97cde112c27"
                + "77ace0129bba0acdbfb65e33ffff0207edbe71a9afe212f54930ce7aefdff006",
            response: "0600ff0706c0a4a3a2a003000000300026069282008ac3a9f34c46b789c3cf99deab411f"
                + "7b09e3032c7f1142036a85a76d429460f65e70d4d5caf5173140a721ffff02078d590a92"
                + "e0fad3c495afc5f6db498cc6"))
}
