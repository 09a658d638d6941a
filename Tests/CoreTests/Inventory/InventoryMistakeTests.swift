import Core
import Testing

@Suite("Inventory mistakes")
struct InventoryMistakeTests {
    private static let pin = String(repeating: "0aB1", count: 16)

    @Test("all mistakes are told in one go, in the order of the file")
    func together() throws {
        let text = """
            defaults:
              provider: redfihs
              lables: {rack: r1}
            devices:
              - name: "r1 u1"
                bmc: ftp://10.0.0.1
                hostname: [a]
              - nmae: r2
                bmc: https://10.0.0.2
              - {name: r3, bmc: https://10.0.0.3, labels: {u: "[5-1]"}, extra: 1}
            more: 1
            """
        #expect(
            mistakes(text) == [
                #"inventory.yaml:2: defaults.provider: unknown provider "redfihs"; did you mean "redfish"?"#,
                #"inventory.yaml:3: defaults: unknown key "lables"; did you mean "labels"?"#,
                #"inventory.yaml:5: devices[0].name: "r1 u1" is no name: 1 to 63 letters, digits, ".", "_" and "-""#,
                "inventory.yaml:6: devices[0].bmc: expected https://, http:// or ipmi://",
                #"inventory.yaml:7: devices[0].hostname: expected a string, found a list; a text that starts with "[" needs quotes"#,
                #"inventory.yaml:8: devices[1]: unknown key "nmae"; did you mean "name"?"#,
                "inventory.yaml:8: devices[1].name: is missing",
                #"inventory.yaml:10: devices[2].labels.u: character 2: "[5-1]" runs backwards"#,
                "inventory.yaml:10: devices[2]: unknown key; known are name, provider, bmc, system, "
                    + "hostname, labels, username, password, passwordFile, passwordEnv, tls, timeout, kg, "
                    + "kgFile, kgEnv, cipherSuites, privilege, retryAfter, quirks",
                #"inventory.yaml:11: unknown key; known are defaults, devices"#,
            ])
        let error = #expect(throws: InventoryError.self) { try devices(text) }
        #expect(error?.description == mistakes(text).joined(separator: "\n"))
        #expect(error?.mistakes[0].column == 13)
        #expect(error?.mistakes[0].path == "defaults.provider")
    }

    @Test(
        "a file without devices is refused",
        arguments: [
            ("", 1, #"the file is empty; it needs "devices""#),
            ("# none\n", 1, #"the file is empty; it needs "devices""#),
            ("defaults: {}", 1, "devices: at least one device is needed"),
            ("\ndevices:", 2, "devices: at least one device is needed"),
            ("\ndevices: []", 2, "devices: at least one device is needed"),
            ("~", 1, "devices: at least one device is needed"),
            ("- a", 1, "expected a mapping, found a list"),
            ("text", 1, "expected a mapping, found a string"),
            ("devices: {a: b}", 1, "devices: expected a list, found a mapping"),
            ("devices: [~]", 1, "devices[0]: expected a mapping, found nothing"),
            ("devices:\n- r1", 2, "devices[0]: expected a mapping, found a string"),
            ("devices: [{}]\ndefaults: [1]", 2, "defaults: expected a mapping, found a list"),
        ])
    func noDevices(text: String, line: Int, message: String) {
        #expect(mistakes(text).last == "inventory.yaml:\(line): \(message)")
    }

    @Test("YAML that can't be read is refused with its line, and nothing of it is quoted")
    func syntax() throws {
        let cases: [(text: String, line: Int)] = [
            ("devices:\n  - {name: a, password: hunter2, bmc: https://h", 3),
            ("devices:\n  - password: hunter2\n   name: a", 3),
            ("devices:\n  - password: \"hunter2\n", 3),
            ("devices:\n  - password: *hunter2\n", 2),
            ("devices:\n  - password: @hunter2\n", 2),
            ("devices:\n  - password: hunter2: x\n", 2),
            ("devices:\n  - {password: hunter2, password: hunter2}", 2),
            ("devices:\n  - password: {hunter2, hunter2}", 2),
            ("devices:\n\t- password: hunter2", 2),
            ("devices:\n  # \u{1}\n  - password: hunter2", 2),
            ("---\ndevices: []\n---\nhunter2", 3),
        ]
        for (text, line) in cases {
            let error = #expect(throws: InventoryError.self) { try devices(text) }
            #expect(error?.mistakes.map(\.line) == [line], "\(text)")
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test("a key given twice is named")
    func duplicateKeys() {
        #expect(
            mistakes("devices:\n  - name: a\n    bmc: https://h\n    name: b") == [
                #"inventory.yaml:2: the key "name" is given twice"#
            ])
        #expect(
            mistakes(device(with: "labels: {a: 1, a: 2}")) == [
                "inventory.yaml:2: a key is given twice"
            ])
    }

    @Test("endless nesting and merging are refused, not followed")
    func hostile() {
        for open in ["[", "{a: ", "- ", "? "] {
            #expect(mistakes(String(repeating: open, count: 20_000)).count == 1)
        }
        var text = "defaults:\n  labels: &m0 {a: b}\ndevices:\n"
        for depth in 1...12 {
            text += "  - &m\(depth) {<<: *m\(depth - 1)}\n"
        }
        #expect(mistakes(text).contains { $0.contains("merges more than 8 deep") })
    }

    @Test(
        "a wrong type is refused saying what is expected",
        arguments: [
            (
                "hostname: {a: b}",
                #"hostname: expected a string, found a mapping"#
            ),
            ("hostname: ", "hostname: expected a string, found nothing"),
            ("system: ~", "system: expected a string, found nothing"),
            (#"system: """#, "system: must not be empty"),
            ("labels: [a]", "labels: expected a mapping, found a list"),
            ("labels: a", "labels: expected a mapping, found a string"),
            (
                "labels: {a: {b: c}}",
                #"labels.a: expected a string, found a mapping"#
            ),
            ("labels: {a: }", "labels.a: expected a string, found nothing"),
            (#"labels: {"": a}"#, "labels.: a label's name must not be empty"),
            ("labels: {[a]: b}", "labels: expected a string as key"),
            ("system: !env X", "system: expected a string without a YAML tag"),
            ("<<: 1", "<<: expected a mapping or a list of mappings"),
            ("timeout: 60", "timeout: expected a time from 100ms to 10m, such as 60s"),
            ("timeout: 11m", "timeout: expected a time from 100ms to 10m, such as 60s"),
            ("timeout: 0s", "timeout: expected a time from 100ms to 10m, such as 60s"),
            ("tls: yes", "tls: expected a mapping, found a string"),
            ("tls: {ca: }", "tls.ca: expected a string, found nothing"),
            ("tls: {insecure: yes}", "tls.insecure: expected true or false"),
            ("tls: {insecure: {}}", "tls.insecure: expected a string, found a mapping"),
            (
                "tls: {insecure: true, fingerprint: \(pin)}",
                #"tls.insecure: accepts any certificate, which makes "fingerprint" beside it pointless; remove one of the two"#
            ),
            (
                "tls: {fingerprnt: \(pin)}",
                #"tls: unknown key "fingerprnt"; did you mean "fingerprint"?"#
            ),
            ("tls: {fingerprint: }", "tls.fingerprint: expected a string, found nothing"),
            (
                "tls: {fingerprint: \(pin.dropLast(2))}",
                "tls.fingerprint: expected the 64 hexadecimal digits of a SHA-256, found 62"
            ),
            (
                "tls: {fingerprint: \(pin.prefix(40))}",
                "tls.fingerprint: expected the 64 hexadecimal digits of a SHA-256, found 40, "
                    + "which looks like a SHA-1"
            ),
            (
                "tls: {fingerprint: \(pin.dropLast())}",
                "tls.fingerprint: holds something else than hexadecimal digits"
            ),
            (
                "tls: {fingerprint: sha1:\(pin)}",
                "tls.fingerprint: expected two hexadecimal digits between the colons, as in "
                    + "sha256:0A:1B:…"
            ),
            (
                #"tls: {fingerprint: "AB:C+:"}"#,
                "tls.fingerprint: expected two hexadecimal digits between the colons, as in "
                    + "sha256:0A:1B:…"
            ),
            ("hostname: a b", #"hostname: "a b" is no hostname"#),
        ])
    func types(keys: String, message: String) {
        #expect(mistakes(device(with: keys)) == ["inventory.yaml:2: devices[0].\(message)"])
    }

    @Test(
        "a name has 1 to 63 letters, digits, dots, underscores and hyphens",
        arguments: ["a/b", "a b", "é", "a:b", "a,b", String(repeating: "a", count: 64), "[x]"])
    func names(name: String) {
        let text = "devices: [{name: \"\(name)\", bmc: https://h}]"
        #expect(
            mistakes(text).map { $0.contains("devices[0].name: \"\(name)\" is no name") } == [true])
        let longest = String(repeating: "a", count: 63)
        #expect(mistakes("devices: [{name: \(longest), bmc: https://h}]").isEmpty)
    }

    @Test(
        "a BMC's URL that can't be right is refused, and not repeated",
        arguments: [
            ("10.0.0.1", "expected a URL such as https://10.0.1.7"),
            ("ssh://h", "expected https://, http:// or ipmi://"),
            ("https://", "the host is missing"), ("https://:8443", "the host is missing"),
            ("https://h:", "the port must be a number from 1 to 65535"),
            ("https://h:0", "the port must be a number from 1 to 65535"),
            ("https://h:65536", "the port must be a number from 1 to 65535"),
            ("https://h:+80", "the port must be a number from 1 to 65535"),
            ("https://[::1]x", "the port must be a number from 1 to 65535"),
            ("https://h/path", "a BMC's URL has no path but /redfish/v1"),
            ("https://h/redfish/v1/Systems", "a BMC's URL has no path but /redfish/v1"),
            ("https://h?token=hunter2", "a BMC's URL has no query and no fragment"),
            ("https://h/#hunter2", "a BMC's URL has no query and no fragment"),
            ("https://2001:db8::7", "an IPv6 address needs brackets: https://[2001:db8::7]"),
            ("https://[2001:db8::x]", "holds no IPv6 address between its brackets"),
            ("https://10.0.0.256", "the host is no IPv4 address, four numbers from 0 to 255"),
            ("https://10.0.1", "the host is no IPv4 address, four numbers from 0 to 255"),
            ("https://h_(x)", "the host is neither a name nor an address"),
            ("https://a b", "holds a character that has no place in a URL"),
            ("https://é", "holds a character that has no place in a URL"),
        ])
    func addresses(url: String, message: String) {
        #expect(
            mistakes("devices: [{name: a, bmc: \"\(url)\"}]") == [
                "inventory.yaml:1: devices[0].bmc: \(message)"
            ])
    }

    @Test("of a range of addresses, the one that is none is found")
    func addressRange() {
        #expect(
            mistakes(#"devices: [{name: "n[0-300]", bmc: "https://10.0.0.[0-300]"}]"#) == [
                "inventory.yaml:1: devices[0].bmc: the host is no IPv4 address, four numbers from 0 to 255"
            ])
    }

    @Test("ranges that don't go together are refused, as is one in defaults")
    func ranges() {
        #expect(
            mistakes(
                """
                defaults: {labels: {x: "[1-2]"}}
                devices:
                  - {name: "n[1-3]", bmc: "https://10.0.0.[1-4]", system: "[1-2]", hostname: "h[1]"}
                  - {name: m, bmc: "https://10.0.1.[1-2]"}
                  - {name: "k[1-100001]", bmc: "https://10.0.2.[1"}
                """) == [
                    "inventory.yaml:1: defaults.labels.x: a range has no place in defaults",
                    #"inventory.yaml:3: devices[0].bmc: expands to 4, but "name" to 3"#,
                    #"inventory.yaml:3: devices[0].system: expands to 2, but "name" to 3"#,
                    #"inventory.yaml:3: devices[0].hostname: expands to 1, but "name" to 3"#,
                    #"inventory.yaml:4: devices[1].bmc: expands to 2, but "name" to 1"#,
                    "inventory.yaml:5: devices[2].name: character 2: stands for more than 100000 texts, which is the limit",
                    #"inventory.yaml:5: devices[2].bmc: character 16: "[" is never closed"#,
                ])
    }

    @Test("what must be unique is refused with the line of the other, once an entry")
    func duplicates() {
        #expect(
            mistakes(
                """
                devices:
                  - {name: a, bmc: https://10.0.0.1, hostname: h1}
                  - {name: a, bmc: https://10.0.0.2}
                  - {name: b, bmc: "HTTPS://10.0.0.1:443/", hostname: H1}
                  - {name: c, bmc: https://10.0.0.1, system: S1}
                  - {name: d, bmc: https://10.0.0.3, system: S1}
                  - {name: e, bmc: https://10.0.0.3, system: S1}
                  - {name: f, bmc: https://10.0.0.3}
                  - {name: "g[1-9]", bmc: https://10.0.0.4}
                  - {name: "h[1,2,1,1]", bmc: "https://10.0.5.[1-4]", hostname: all}
                """) == [
                    #"inventory.yaml:3: devices[1].name: the name "a" is taken already in line 2"#,
                    #"inventory.yaml:4: devices[2].bmc: https://10.0.0.1 is already the BMC of a (line 2); devices that share a BMC need a "system" each"#,
                    #"inventory.yaml:4: devices[2].hostname: "H1" is already the hostname of a (line 2)"#,
                    #"inventory.yaml:5: devices[3].bmc: https://10.0.0.1 is already the BMC of a (line 2); devices that share a BMC need a "system" each"#,
                    #"inventory.yaml:7: devices[5].bmc: https://10.0.0.3 with system "S1" is already d (line 6)"#,
                    #"inventory.yaml:8: devices[6].bmc: https://10.0.0.3 is already the BMC of d (line 6); devices that share a BMC need a "system" each"#,
                    #"inventory.yaml:9: devices[7].bmc: https://10.0.0.4 is already the BMC of g1 (line 9); devices that share a BMC need a "system" each"#,
                    #"inventory.yaml:10: devices[8].name: the name "h1" is taken already in line 10"#,
                    #"inventory.yaml:10: devices[8].hostname: "all" is already the hostname of h1 (line 10)"#,
                ])
    }

    @Test("an unknown provider is refused with the ones that there are")
    func providers() {
        let text = device(with: "provider: snmp")
        #expect(
            mistakes(text, providers: ["redfish", "ipmi"]) == [
                #"inventory.yaml:2: devices[0].provider: unknown provider "snmp"; known are redfish, ipmi"#
            ])
        #expect(mistakes(device(with: "provider: other"), providers: ["redfish", "other"]).isEmpty)
        #expect(
            mistakes(device(with: "system: a"), providers: ["ipmi"]) == [
                "inventory.yaml:2: devices[0].provider: is missing; known are ipmi"
            ])
    }

    @Test("a key of a device alone has no place in defaults")
    func defaults() {
        #expect(
            mistakes("defaults: {bmc: https://h}\n" + device(with: "system: a")) == [
                #"inventory.yaml:1: defaults: "bmc" has no place here; known are provider, labels, username, password, passwordFile, passwordEnv, tls, timeout, kg, kgFile, kgEnv, cipherSuites, privilege, retryAfter, quirks"#
            ])
    }
}
