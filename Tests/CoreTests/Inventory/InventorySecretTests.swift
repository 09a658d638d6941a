import Core
import Foundation
import Testing

@Suite("Inventory secrets")
struct InventorySecretTests {
    @Test(
        "a password file gives its text without one newline at the end",
        arguments: [
            ("hunter2", "hunter2"), ("hunter2\n", "hunter2"), ("hunter2\r\n", "hunter2"),
            ("hunter2\n\n", "hunter2\n"),
            (" a b \n", " a b "), ("pässword\n", "pässword"),
        ])
    func passwordFile(text: String, password: String) throws {
        let folder = try InventoryFolder()
        try folder.write("pw", text)
        let list = try devices(
            device(with: "username: u, passwordFile: pw"), file: folder.path + "/inventory.yaml")
        #expect(list[0].credentials.password.reveal() == password)
    }

    @Test("a password comes from the file, the environment or the inventory; a device's own wins")
    func sources() throws {
        let folder = try InventoryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/sub", withIntermediateDirectories: false)
        try folder.write("sub/pw", "from file")
        let list = try devices(
            """
            defaults: {username: admin, passwordFile: sub/pw}
            devices:
              - {name: a, bmc: https://10.0.0.1}
              - {name: b, bmc: https://10.0.0.2, passwordEnv: BMC_PASSWORD}
              - {name: c, bmc: https://10.0.0.3, username: root, password: "in [1-2] text"}
              - {name: d, bmc: https://10.0.0.4, username: ""}
              - {name: e, bmc: https://10.0.0.5, password: ""}
            """, file: folder.path + "/inventory.yaml", environment: ["BMC_PASSWORD": "from env"])
        #expect(list.map(\.credentials.username) == ["admin", "admin", "root", "", "admin"])
        #expect(
            list.map { $0.credentials.password.reveal() } == [
                "from file", "from env", "in [1-2] text", "", "",
            ])
    }

    @Test("a file that is of no use is refused once, with its path and the reason")
    func unusableFiles() throws {
        let folder = try InventoryFolder()
        for (name, text) in [
            ("empty", ""), ("newline", "\n"), ("ca.pem", "-----BEGIN PRIVATE KEY-----"),
        ] {
            try folder.write(name, text)
        }
        try folder.write("latin1", bytes: [0xE9])
        try folder.write("big", bytes: [UInt8](repeating: 0x61, count: 65 << 10))
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        #expect(chmod(try folder.write("open", "x"), 0o666) == 0)
        func mistake(_ keys: String) -> [String] {
            mistakes(
                "defaults: {\(keys)}\ndevices: [{name: 'a[1-2]', bmc: 'https://10.0.0.[1-2]'}, {name: b, bmc: https://h}]",
                file: folder.path + "/i.yaml")
        }
        let cases = [
            (
                "username: u, passwordFile: none",
                "passwordFile: there is no file of this name beside the inventory"
            ),
            (
                "username: u, passwordFile: ./none",
                "passwordFile: can't read \(folder.path)/none: No such file or directory"
            ),
            (
                "username: u, passwordFile: pipe",
                "passwordFile: \(folder.path)/pipe is a pipe, not a file"
            ),
            (
                "username: u, passwordFile: open",
                "passwordFile: \(folder.path)/open can be written by others: chmod go-w"
                    + " \(folder.path)/open"
            ),
            (
                "username: u, passwordFile: .",
                "passwordFile: \(folder.path) is a folder, not a file"
            ),
            ("username: u, passwordFile: empty", "passwordFile: \(folder.path)/empty is empty"),
            ("username: u, passwordFile: newline", "passwordFile: \(folder.path)/newline is empty"),
            (
                "username: u, passwordFile: latin1",
                "passwordFile: \(folder.path)/latin1 is not UTF-8"
            ),
            (
                "username: u, passwordFile: big",
                "passwordFile: \(folder.path)/big is larger than 64 KiB"
            ),
            (
                "tls: {ca: none.pem}",
                "tls.ca: can't read \(folder.path)/none.pem: No such file or directory"
            ),
            ("tls: {ca: ca.pem}", "tls.ca: \(folder.path)/ca.pem holds no certificate in PEM form"),
        ]
        for (keys, message) in cases {
            #expect(mistake(keys) == ["\(folder.path)/i.yaml:1: defaults.\(message)"])
        }
    }

    @Test("a user name and a password are given together, the password in one way")
    func together() {
        let start = "inventory.yaml:2: devices[0]."
        let environment = ["SET": "x", "EMPTY": ""]
        let cases = [
            (
                "username: u",
                "username: a user name needs one of password, passwordFile, passwordEnv"
            ),
            ("password: hunter2", "password: a password needs a \"username\""),
            ("username: '', password: hunter2", "password: a password needs a \"username\""),
            (
                "username: u, password: hunter2, passwordEnv: SET",
                "passwordEnv: only one of password, passwordEnv may be given"
            ),
            (
                "username: u, passwordEnv: EMPTY",
                "passwordEnv: the environment's variable \"EMPTY\" is empty"
            ),
            (
                "username: u, passwordEnv: hunter2",
                "passwordEnv: the environment has no variable of this name"
            ),
            (
                "username: u, password: [hunter2]",
                "password: expected a string, found a list; a text that starts with \"[\" needs quotes"
            ),
            ("username: u, password: ", "password: expected a string, found nothing"),
        ]
        for (keys, message) in cases {
            #expect(mistakes(device(with: keys), environment: environment) == [start + message])
        }
        #expect(
            mistakes(
                "defaults: {username: u}\ndevices: [{name: 'a[1-9]', bmc: 'https://10.0.0.[1-9]'}]")
                == [
                    "inventory.yaml:1: defaults.username: a user name needs one of password, passwordFile, passwordEnv"
                ])
    }

    @Test(
        "no mistake repeats what may be a password",
        arguments: [
            "bmc: https://admin:hunter2@10.0.0.1", "bmc: 'https://admin:[1-hunter2]@h'",
            "bmc: 'https://admin:x[1-]hunter2@h'",
            "bmc: 'https://a:hunter2@[01-]'", "bmc: https://h, username: u, password:hunter2",
            "bmc: https://h, username: u, password=hunter2",
            "bmc: https://h, username: u, password: x,hunter2",
            "bmc: https://h, username: u, password: x,hunter2: y",
            "bmc: https://h, username: u, password hunter2",
            "bmc: https://h, username: u, passwrod: hunter2",
            "bmc: https://h, username: u, password: !hunter2 x",
            "bmc: https://h, username: u, password: {hunter2: x}",
            "bmc: https://h, username: u, password: [hunter2]",
            "bmc: https://h, username: u, passwordFile: hunter2",
            "bmc: https://h, username: u, passwordFile: /hunter2",
            "bmc: https://h, username: u, passwordFile: a/hunter2",
            "bmc: https://h, username: u, passwordEnv: hunter2",
            "bmc: https://h, username: u, hunter2: x", "bmc: https://h, username: u, hunter2",
            "bmc: https://h, username: u, huntertwo2: {a: hunter2}",
            "bmc: https://h, tls: {hunter2: x}", "bmc: https://h, tls: {fingerprint: hunter2}",
            "bmc: https://h, tls: hunter2", "bmc: hunter2", "bmc: 'ftp://h/hunter2'",
        ])
    func silence(keys: String) {
        let error = #expect(throws: InventoryError.self) {
            try devices("devices: [{name: a, \(keys)}]")
        }
        #expect(error?.description.contains("hunter2") == false)
        var dumped = ""
        if let error { dump(error, to: &dumped) }
        #expect(!dumped.contains("hunter2"))
    }

    @Test("a missing space after a colon is pointed out")
    func missingSpace() {
        #expect(
            mistakes("devices: [{name: a, bmc: https://h, username: u, password:hunter2}]") == [
                #"inventory.yaml:1: devices[0].username: a user name needs one of password, passwordFile, passwordEnv"#,
                #"inventory.yaml:1: devices[0]: unknown key "password…"; did you mean "password"? A space must follow the colon"#,
            ])
    }

    @Test(
        "a device's own tls replaces the default one; an empty one trusts the system's authorities")
    func trust() throws {
        let folder = try InventoryFolder()
        let first = try folder.write("one.pem", "x\n-----BEGIN CERTIFICATE-----\n")
        let second = try folder.write("two.pem", "-----BEGIN TRUSTED CERTIFICATE-----\n")
        let list = try devices(
            """
            defaults: {tls: {ca: one.pem}}
            devices:
              - {name: a, bmc: https://10.0.0.1}
              - {name: b, bmc: https://10.0.0.2, tls: {ca: \(second)}}
              - {name: c, bmc: https://10.0.0.3, tls: {}}
            """, file: folder.path + "/inventory.yaml")
        #expect(
            list.map(\.tls) == [.authorities(file: first), .authorities(file: second), .system])
    }

    @Test("a certificate's fingerprint is read with or without its name and colons, in any case")
    func fingerprint() throws {
        let bytes = (0..<32).map { UInt8($0 * 7) }
        let pin = try #require(CertificateFingerprint(bytes: bytes))
        let plain = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(pin.description.hasPrefix("sha256:00:07:0E:15:"))
        for text in [
            pin.description, pin.description.lowercased(), String(pin.description.dropFirst(7)),
            plain, plain.uppercased(), "SHA256:" + plain,
        ] {
            let list = try devices(
                "devices: [{name: a, bmc: https://h, tls: {fingerprint: \"\(text)\"}}]")
            #expect(list.map(\.tls) == [.fingerprint(pin)])
        }
    }

    @Test("verification is left out only where that is said")
    func insecure() throws {
        let list = try devices(
            """
            defaults: {tls: {insecure: true}}
            devices:
              - {name: a, bmc: https://10.0.0.1}
              - {name: b, bmc: https://10.0.0.2, tls: {insecure: false}}
              - {name: c, bmc: https://10.0.0.3, tls: {}}
            """)
        #expect(list.map(\.tls) == [.insecure, .system, .system])
    }

    @Test("an authority beside a fingerprint is refused")
    func authorityAndFingerprint() throws {
        let folder = try InventoryFolder()
        try folder.write("ca.pem", "-----BEGIN CERTIFICATE-----\n")
        let pin = String(repeating: "ab", count: 32)
        let error = #expect(throws: InventoryError.self) {
            try devices(
                "devices: [{name: a, bmc: https://h, tls: {ca: ca.pem, fingerprint: \(pin)}}]",
                file: folder.path + "/i.yaml")
        }
        #expect(
            error?.description == "\(folder.path)/i.yaml:1: devices[0].tls.fingerprint: accepts "
                + "one certificate, whoever issued it, which makes \"ca\" beside it pointless; "
                + "remove one of the two")
    }

    @Test("an inventory is read from its file, and its own faults are told with its name")
    func file() throws {
        let folder = try InventoryFolder()
        try folder.write("pw", "x")
        let path = try folder.write(
            "inventory.yaml", "devices: [{name: a, bmc: https://h, username: u, passwordFile: pw}]")
        let inventory = try Inventory(contentsOfFile: path, providers: ["redfish"])
        #expect(inventory.devices.map { $0.credentials.password.reveal() } == ["x"])
        #expect(inventory == Inventory(devices: inventory.devices))

        let shared = try folder.write("shared.yaml", "devices: [{name: a, bmc: https://h}]")
        #expect(chmod(shared, 0o602) == 0)
        let pipe = folder.path + "/pipe.yaml"
        #expect(mkfifo(pipe, 0o600) == 0)
        let absent = folder.path + "/none.yaml"
        let latin1 = try folder.write("latin1.yaml", bytes: Array("# a\n# b\n# ".utf8) + [0xE9])
        for (file, message) in [
            (shared, "\(shared): \(shared) can be written by others: chmod go-w \(shared)"),
            (pipe, "\(pipe): \(pipe) is a pipe, not a file"),
            (absent, "\(absent): can't read \(absent): No such file or directory"),
            (latin1, "\(latin1):3: this is not UTF-8"),
        ] {
            let error = #expect(throws: InventoryError.self) {
                try Inventory(contentsOfFile: file, providers: ["redfish"])
            }
            #expect(error?.description == message)
        }
    }

    @Test("files with secrets that others can read are warned of")
    func readable() throws {
        let folder = try InventoryFolder()
        #expect(chmod(try folder.write("pw", "x"), 0o604) == 0)
        let text = "devices: [{name: a, bmc: https://h, username: u, passwordFile: pw}]"
        let path = try folder.write("inventory.yaml", text)
        #expect(chmod(path, 0o644) == 0)
        let inventory = try Inventory(contentsOfFile: path, providers: ["redfish"])
        let secret = folder.path + "/pw"
        #expect(
            inventory.warnings == [
                "\(secret) can be read by others, and holds a secret: chmod go-r \(secret)"
            ])
        try folder.write("inventory.yaml", text.replacing("passwordFile: pw", with: "password: x"))
        #expect(chmod(path, 0o644) == 0)
        let own = try Inventory(contentsOfFile: path, providers: ["redfish"])
        #expect(own.warnings.count == 1)
        #expect(own.warnings.first?.contains("use passwordFile, or chmod go-r \(path)") == true)
        #expect(chmod(path, 0o600) == 0)
        #expect(try Inventory(contentsOfFile: path, providers: ["redfish"]).warnings == [])
    }

    @Test("BMCs at http:// that get a password are counted in one warning")
    func clear() throws {
        let text = """
            defaults: {username: u, password: x}
            devices:
              - {name: "a[1-3]", bmc: "http://10.0.0.[1-3]"}
              - {name: b, bmc: https://10.0.0.4}
              - {name: c, bmc: http://10.0.0.5, username: ""}
            """
        let inventory = try Inventory(parsing: text, file: "i.yaml", providers: ["redfish"])
        #expect(
            inventory.warnings == [
                "3 devices, such as a1, are spoken to over http://: whoever is on the way can read the"
                    + " BMC's password, and switch the server"
            ])
    }

    @Test("tls on a BMC at http:// is a mistake, in the defaults it is for the others")
    func pointlessTrust() throws {
        #expect(
            mistakes("devices:\n  - {name: a, bmc: http://h, tls: {insecure: true}}") == [
                "inventory.yaml:2: devices[0].tls: means nothing to a BMC at http://, which is spoken to in"
                    + " the clear; write https://, or remove it"
            ])
        let list = try devices(
            """
            defaults: {tls: {insecure: true}}
            devices: [{name: a, bmc: http://h}, {name: b, bmc: https://i}]
            """)
        #expect(list.count == 2)
    }
}
