import Core
import Testing

@Suite("Inventory of IPMI devices")
struct InventoryIPMITests {
    private static let both = ["redfish", "ipmi"]
    private static let start = "inventory.yaml:2: devices[0]."

    private func ipmi(_ keys: String, environment: [String: String] = [:]) throws -> Device {
        try devices(Self.text(keys), environment: environment, providers: Self.both)[0]
    }

    private func faults(_ keys: String, bmc: String = "ipmi://10.0.1.7") -> [String] {
        mistakes(Self.text(keys, bmc: bmc), providers: Self.both)
    }

    private static func text(_ keys: String, bmc: String = "ipmi://10.0.1.7") -> String {
        "devices:\n  - {name: r1, bmc: '\(bmc)'" + (keys.isEmpty ? "" : ", \(keys)") + "}"
    }

    @Test(
        "an address has its one normal form",
        arguments: [
            ("ipmi://10.0.1.7", "ipmi://10.0.1.7"), ("IPMI://BMC7:623/", "ipmi://bmc7"),
            ("ipmi://10.0.1.7:6230", "ipmi://10.0.1.7:6230"),
            ("ipmi://[2001:DB8::7]", "ipmi://[2001:db8::7]"),
        ])
    func address(written: String, normal: String) throws {
        let device = try devices(Self.text("", bmc: written), providers: Self.both)[0]
        #expect(device.bmc == normal)
        #expect(device.provider == "ipmi")
        #expect(device.ipmi == IPMIOptions())
    }

    @Test("the address tells the provider, unless the device says it")
    func inferred() throws {
        let list = try devices(
            """
            defaults: {provider: redfish, tls: {insecure: true}, cipherSuites: [3]}
            devices:
              - {name: "a[1-2]", bmc: "ipmi://10.0.0.[1-2]"}
              - {name: b, bmc: https://10.0.0.3}
              - {name: c, bmc: ipmi://10.0.0.4, provider: ipmi}
            """, providers: Self.both)
        #expect(list.map(\.provider) == ["ipmi", "ipmi", "redfish", "ipmi"])
        // Defaults are for the devices that they suit.
        #expect(list.map(\.tls) == [.system, .system, .insecure, .system])
        #expect(list.map(\.ipmi.cipherSuites) == [[3], [3], [17, 3], [3]])
    }

    @Test("a device's keys replace the defaults, one by one")
    func defaults() throws {
        let list = try devices(
            """
            defaults: {kgEnv: KG, cipherSuites: [3, 17], privilege: operator}
            devices:
              - {name: a, bmc: ipmi://10.0.0.1}
              - {name: b, bmc: ipmi://10.0.0.2, kg: "0x00ffA0", privilege: user}
              - {name: c, bmc: ipmi://10.0.0.3, cipherSuites: [0]}
            """, environment: ["KG": "own key"], providers: Self.both)
        #expect(
            list.map { $0.ipmi.bmcKey?.revealBytes() } == [
                Array("own key".utf8), [0, 0xFF, 0xA0], Array("own key".utf8),
            ])
        #expect(list.map(\.ipmi.cipherSuites) == [[3, 17], [3, 17], [0]])
        #expect(list.map(\.ipmi.privilege) == [.operator, .user, .operator])
    }

    @Test("a key comes from a file like a password, as text or digits")
    func keyFile() throws {
        let folder = try InventoryFolder()
        try folder.write("kg", "0x0102\n")
        let list = try devices(
            Self.text("kgFile: kg"), file: folder.path + "/i.yaml", providers: Self.both)
        #expect(list[0].ipmi.bmcKey?.revealBytes() == [1, 2])
        let none = mistakes(
            Self.text("kgFile: none"), file: folder.path + "/i.yaml", providers: Self.both)
        #expect(
            none == [
                "\(folder.path)/i.yaml:2: devices[0].kgFile: there is no file of this name beside the "
                    + "inventory"
            ])
    }

    @Test("names, passwords and keys that just fit are taken")
    func longest() throws {
        let device = try ipmi(
            "username: abcdefghijklmnop, password: abcdefghijklmnopqrst, kg: abcdefghijklmnopqrst")
        #expect(device.credentials.username.count == 16)
        let key = try ipmi("kg: 0x\(String(repeating: "5a", count: 20))").ipmi.bmcKey
        #expect(key?.revealBytes() == Array(repeating: 0x5A, count: 20))
    }

    @Test("a time, habits, and a user without a name but with a password are taken")
    func options() throws {
        let device = try ipmi(
            "retryAfter: 1500ms, quirks: [uefiDisk24], username: '', password: hush")
        #expect(device.ipmi.retryAfter == .milliseconds(1500))
        #expect(device.ipmi.quirks == [.uefiDisk24] && device.ipmi.privilege == nil)
        #expect(device.credentials.username == "")
        #expect(device.credentials.password.reveal() == "hush")
    }

    private static let refused = [
        ("kg: abcdefghijklmnopqrstu", "kg: has 21 bytes; a BMC's key has at most 20"),
        ("kg: 0x123", "kg: expected two hexadecimal digits a byte after 0x"),
        ("kg: 0xzz", "kg: expected two hexadecimal digits a byte after 0x"),
        ("kg: 0x", "kg: expected two hexadecimal digits a byte after 0x"),
        ("kg: ''", "kg: must not be empty"),
        ("kg: a, kgFile: b", "kgFile: only one of kg, kgFile may be given"),
        ("kgEnv: NONE", "kgEnv: the environment has no variable of this name"),
        ("cipherSuites: 3", "cipherSuites: expected a list such as [17, 3], found a string"),
        ("cipherSuites: []", "cipherSuites: at least one is needed, such as [17, 3]"),
        (
            "cipherSuites: [3, 18]",
            "cipherSuites[1]: unknown cipher suite 18; known are 0, 1, 2, 3, 15, 16, 17"
        ),
        (
            "cipherSuites: [+3]",
            "cipherSuites[0]: unknown cipher suite +3; known are 0, 1, 2, 3, 15, 16, 17"
        ),
        ("cipherSuites: [3, 3]", "cipherSuites[1]: 3 is given twice"),
        (
            "privilege: operater",
            #"privilege: unknown privilege "operater"; did you mean "operator"?"#
        ),
        (
            "privilege: root",
            #"privilege: unknown privilege "root"; known are user, operator, administrator"#
        ),
        (
            "retryAfter: 3",
            #"retryAfter: expected a time from 100ms to 20s, such as 3s, found "3""#
        ),
        (
            "retryAfter: 1m",
            #"retryAfter: expected a time from 100ms to 20s, such as 3s, found "1m""#
        ),
        ("quirks: uefiDisk24", "quirks: expected a list such as [uefiDisk24], found a string"),
        (
            "quirks: [uefiDisc24]",
            #"quirks[0]: unknown quirk "uefiDisc24"; did you mean "uefiDisk24"?"#
        ),
        ("quirks: [other]", #"quirks[0]: unknown quirk "other"; known are uefiDisk24"#),
        ("password: x", #"password: a password needs a "username""#),
        (
            "username: abcdefghijklmnopq, password: x",
            "username: is too long: over IPMI, a user name has at most 16 bytes"
        ),
        (
            "username: u, password: abcdefghijklmnopqrstu",
            "password: is too long: over IPMI, a password has at most 20 bytes"
        ),
        ("tls: {insecure: true}", "tls: means nothing to the provider ipmi; remove it"),
        ("system: Node0", "system: means nothing to the provider ipmi; remove it"),
        (
            "provider: redfish",
            #"bmc: ipmi:// does not suit the provider redfish, whose BMCs are at https:// or http://, or write "provider: ipmi""#
        ),
    ]

    @Test("what can't be meant is refused with its place", arguments: refused)
    func refuses(keys: String, message: String) {
        #expect(faults(keys) == [Self.start + message])
    }

    @Test("an address that doesn't suit its provider, or has a path, is refused")
    func wrongAddress() {
        #expect(
            faults("provider: ipmi", bmc: "https://10.0.1.7") == [
                Self.start
                    + #"bmc: https:// does not suit the provider ipmi, whose BMCs are at ipmi://, or write "provider: redfish""#
            ])
        #expect(
            faults("", bmc: "ipmi://10.0.1.7/redfish/v1") == [
                Self.start + "bmc: an ipmi:// URL has no path"
            ])
        #expect(
            faults("cipherSuites: [3]", bmc: "https://10.0.1.7") == [
                Self.start + "cipherSuites: means nothing to the provider redfish; remove it"
            ])
    }

    @Test("misspelt keys get the nearest, and what stands beside a key is not repeated")
    func misspelt() {
        #expect(
            faults("cypherSuites: [3]") == [
                #"inventory.yaml:2: devices[0]: unknown key "cypherSuites"; did you mean "cipherSuites"?"#
            ])
        for keys in ["kg: x,hunter2", "kg: hunter2hunter2hunter2hunter2", "kg: 0xhunter2"] {
            #expect(!faults(keys).isEmpty)
            #expect(!faults(keys).joined().contains("hunter2"))
        }
    }

    @Test("a BMC is listed once, whatever the protocol")
    func once() {
        let text = """
            devices:
              - {name: a, bmc: ipmi://10.0.0.1}
              - {name: b, bmc: https://10.0.0.1}
              - {name: c, bmc: ipmi://10.0.0.2}
              - {name: d, bmc: ipmi://10.0.0.2:623}
              - {name: e, bmc: https://10.0.0.2:8443}
              - {name: "f[1-2]", bmc: ipmi://10.0.0.3}
            """
        #expect(
            mistakes(text, providers: Self.both) == [
                "inventory.yaml:3: devices[1].bmc: 10.0.0.1 is already the BMC of a (line 2); "
                    + "list a server once, by one protocol",
                "inventory.yaml:5: devices[3].bmc: ipmi://10.0.0.2 is already the BMC of c (line 4)",
                "inventory.yaml:7: devices[5].bmc: ipmi://10.0.0.3 is already the BMC of f1 (line 7)",
            ])
    }
}
