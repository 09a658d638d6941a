import Core
import Testing

@Suite("Inventory")
struct InventoryTests {
    @Test("the sample of the design loads")
    func sample() throws {
        let folder = try InventoryFolder()
        let password = try folder.write("bmc.password", "s3cret\n")
        let authority = try folder.write("ca.pem", "-----BEGIN CERTIFICATE-----\n")
        let list = try devices(
            """
            defaults: {provider: redfish, username: admin, passwordFile: \(password), tls: {ca: \(authority)}}
            devices:
              - {name: "r1u[01-20]", bmc: "https://10.0.1.[1-20]", labels: {rack: r1, sku: std}}
              - {name: gpu1, bmc: "https://10.0.9.1", system: Node0, hostname: gpu1.example, labels: {rack: r9, sku: gpu}}
            """)
        #expect(list.count == 21)
        #expect(list.prefix(20).map(\.name) == (1...20).map { $0 < 10 ? "r1u0\($0)" : "r1u\($0)" })
        #expect(list.prefix(20).map(\.bmc) == (1...20).map { "https://10.0.1.\($0)" })
        let credentials = Credentials(username: "admin", password: Secret("s3cret"))
        let trust = TLSTrust(authorityFile: authority)
        #expect(
            list[0]
                == Device(
                    name: "r1u01", provider: "redfish", bmc: "https://10.0.1.1",
                    labels: ["rack": "r1", "sku": "std"], credentials: credentials, tls: trust))
        #expect(
            list[20]
                == Device(
                    name: "gpu1", provider: "redfish", bmc: "https://10.0.9.1", system: "Node0",
                    hostname: "gpu1.example", labels: ["rack": "r9", "sku": "gpu"],
                    credentials: credentials, tls: trust))
    }

    @Test("name and bmc suffice: redfish, no login, the system's authorities")
    func least() throws {
        #expect(
            try devices("devices: [{name: a, bmc: https://h}]")
                == [Device(name: "a", provider: "redfish", bmc: "https://h")])
        #expect(try devices("defaults:\ndevices: [{name: a, bmc: https://h, labels: }]").count == 1)
    }

    @Test("devices come in the order of the file, also when defaults follow them")
    func order() throws {
        let list = try devices(
            """
            devices:
              - {name: "z[1-2]", bmc: "http://10.0.0.[1-2]"}
              - {name: a, bmc: http://10.0.0.3, labels: {x: own}}
            defaults: {labels: {x: default, y: "1"}}
            """)
        #expect(list.map(\.name) == ["z1", "z2", "a"])
        #expect(list.map { $0.labels["x"] } == ["default", "default", "own"])
        #expect(list.map { $0.labels["y"] } == ["1", "1", "1"])
    }

    @Test("ranges of all keys run side by side, and a constant is the same for all")
    func sideBySide() throws {
        let list = try devices(
            """
            devices:
              - name: r[1-2]n[1-2]
                bmc: https://10.0.[1-2].[1-2]:8443
                hostname: host[01-04].example
                labels: {slot: "s[7-10]", rack: r1}
            """)
        #expect(list.map(\.name) == ["r1n1", "r1n2", "r2n1", "r2n2"])
        #expect(list.map(\.bmc).last == "https://10.0.2.2:8443")
        #expect(list.map(\.hostname).first == "host01.example")
        #expect(list.map { $0.labels["slot"] } == ["s7", "s8", "s9", "s10"])
        #expect(list.allSatisfy { $0.labels["rack"] == "r1" })
    }

    @Test("a tray is one BMC with a system for each device")
    func tray() throws {
        let list = try devices(
            """
            devices:
              - {name: "t1n[1-4]", bmc: https://10.0.0.1, system: "Node[1-4]"}
              - {name: t2a, bmc: https://10.0.0.2, system: 1}
              - {name: t2b, bmc: https://10.0.0.2, system: 2}
            """)
        #expect(list.map(\.system) == ["Node1", "Node2", "Node3", "Node4", "1", "2"])
        #expect(Set(list.prefix(4).map(\.bmc)) == ["https://10.0.0.1"])
    }

    @Test("numbers and truth values are taken as they are written")
    func scalars() throws {
        let list = try devices(
            """
            devices:
              - name: 0x1F
                bmc: https://10.0.0.1
                hostname: 007
                labels: {rack: 7, on: yes, ratio: 1.50, date: 2026-01-02, 5: five, empty: "", "null": "~"}
                username: 1_000
                password: 0123
            """)
        #expect(list[0].name == "0x1F")
        #expect(list[0].hostname == "007")
        #expect(
            list[0].labels == [
                "rack": "7", "on": "yes", "ratio": "1.50", "date": "2026-01-02", "5": "five",
                "empty": "", "null": "~",
            ])
        #expect(list[0].credentials == Credentials(username: "1_000", password: Secret("0123")))
    }

    @Test("anchors and merges are resolved, and a device's own keys win")
    func merges() throws {
        let list = try devices(
            """
            devices:
              - &first {name: a, bmc: https://10.0.0.1, labels: &labels {rack: r1, sku: std}}
              - {<<: *first, name: b, bmc: https://10.0.0.2}
              - {name: c, bmc: https://10.0.0.3, labels: {sku: gpu, <<: [{zone: z1}, *labels, {zone: z2}]}}
              - {name: d, bmc: https://10.0.0.4, labels: *labels}
            """)
        #expect(list.map(\.name) == ["a", "b", "c", "d"])
        #expect(list[1].labels == ["rack": "r1", "sku": "std"])
        #expect(list[2].labels == ["rack": "r1", "sku": "gpu", "zone": "z1"])
        #expect(list[3].labels == list[0].labels)
    }

    @Test(
        "a BMC's URL is stored in one form",
        arguments: [
            ("https://10.0.0.1", "https://10.0.0.1"),
            ("HTTPS://BMC-1.Example", "https://bmc-1.example"),
            ("http://h:8000", "http://h:8000"), ("https://h/", "https://h"),
            ("https://h/redfish/v1", "https://h"), ("https://h:8443/redfish/v1/", "https://h:8443"),
            ("https://h:443", "https://h"), ("http://h:80/", "http://h"),
            ("http://h:443", "http://h:443"),
            ("https://h:08443", "https://h:8443"),
            ("https://[2001:DB8:0:0::7]:8443", "https://[2001:db8::7]:8443"),
            ("https://[::1]", "https://[::1]"),
        ])
    func addresses(text: String, stored: String) throws {
        #expect(try devices("devices: [{name: a, bmc: '\(text)'}]").map(\.bmc) == [stored])
    }

    @Test("a range inside the brackets of an IPv6 address counts up")
    func addressRange() throws {
        let list = try devices(#"devices: [{name: "n[1-2]", bmc: "https://[2001:db8::[1-2]]"}]"#)
        #expect(list.map(\.bmc) == ["https://[2001:db8::1]", "https://[2001:db8::2]"])
    }

    @Test("one host with two ports, or names and addresses that differ, are different BMCs")
    func distinct() throws {
        let list = try devices(
            """
            devices:
              - {name: a, bmc: https://h:8443}
              - {name: b, bmc: https://h:8444}
              - {name: c, bmc: http://h}
              - {name: d, bmc: https://h}
            """)
        #expect(list.count == 4)
    }

    @Test("a byte order mark and Windows line ends do no harm")
    func windows() throws {
        let text = "\u{FEFF}devices:\r\n  - name: a\r\n    bmc: https://10.0.0.1\r\n"
        #expect(try devices(text).map(\.name) == ["a"])
    }

    @Test("10,000 devices load, listed one by one or as a range")
    func many() throws {
        let listed = try devices(
            "defaults: {labels: {site: s1}}\ndevices:\n"
                + (0..<10_000).map {
                    "  - {name: n\($0), bmc: \"https://10.0.\($0 / 250).\($0 % 250)\", labels: {rack: r\($0 / 40)}}\n"
                }.joined())
        #expect(listed.count == 10_000)
        #expect(listed[9_999].labels == ["site": "s1", "rack": "r249"])
        let ranged = try devices(
            #"devices: [{name: "n[0-9999]", bmc: "https://10.0.[0-39].[0-249]", system: "s[0-9999]"}]"#
        )
        #expect(ranged.count == 10_000)
        #expect(ranged[9_999].bmc == "https://10.0.39.249")
    }
}
