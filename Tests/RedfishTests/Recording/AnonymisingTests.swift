import Core
import Foundation
import Testing

@testable import Redfish

@Suite("An anonymised recording")
struct AnonymisingTests {
    /// What must not be found in the output, in whatever spelling.
    private static let originals = [
        "CZJ4711XYZ", "cn-0815-abcd", "38947555-7742-3448-3784-823347823834", "94:40:C9:5C:86:BC",
        "94:40:c9:5c:86:bc", "94-40-c9-5c-86-bc", "9440c95c86bc", "10.17.3.4",
        "fe80::9640:c9ff:fe5c:86bc",
        "fd12:3456::7", "ilo-rack7.corp.invalid", "corp.invalid", "asset-west-9", "jane.doe",
        "jane@corp.invalid", "50:01:43:80:33:44:55:66", "naa.5000c500deadbeef", "Sample Street 5",
        "syslog.corp.invalid",
    ]

    private static let resources: [RecordedResource] = [
        resource(
            "/redfish/v1", ["Systems": ["@odata.id": "/redfish/v1/Systems/CZJ4711XYZ"]]),
        resource(
            "/redfish/v1/Systems/CZJ4711XYZ",
            [
                "@odata.id": "/redfish/v1/Systems/CZJ4711XYZ",
                "@odata.type": "#ComputerSystem.v1_5_0.ComputerSystem", "Id": "CZJ4711XYZ",
                "SerialNumber": "CZJ4711XYZ", "SKU": "cn-0815-abcd", "AssetTag": "asset-west-9",
                "UUID": "38947555-7742-3448-3784-823347823834", "Manufacturer": "HPE",
                "HostName": "ilo-rack7.corp.invalid", "BiosVersion": "1.45.4.66",
                "Boot": ["UefiTarget": "PciRoot/MAC(9440c95c86bc)/IPv6"],
                "SubnetMask": "255.255.255.0", "Gateway": "0.0.0.0",
            ]),
        resource(
            "/redfish/v1/Managers/1/EthernetInterfaces/94:40:c9:5c:86:bc",
            [
                "MACAddress": "94:40:C9:5C:86:BC", "PermanentMACAddress": "94:40:c9:5c:86:bc",
                "IPv4Addresses": [["Address": "10.17.3.4", "Gateway": "10.17.3.4"]],
                "IPv6Addresses": [
                    ["Address": "fe80::9640:c9ff:fe5c:86bc"], ["Address": "fd12:3456::7"],
                ],
                "DomainName": "corp.invalid", "FQDN": "ilo-rack7.corp.invalid",
            ]),
        resource(
            "/redfish/v1/Log/1",
            [
                "Message":
                    "Login by jane.doe from 10.17.3.4:5123 to ilo-rack7.corp.invalid (CZJ4711XYZ), port 94-40-C9-5C-86-BC",
                "UserName": "jane.doe", "Contact": "mail jane@corp.invalid",
                "Destination": "https://syslog.corp.invalid/events?id=CZJ4711XYZ",
                "Identifiers": [["DurableName": "naa.5000c500deadbeef"]],
                "WWPN": "50:01:43:80:33:44:55:66",
                "Location": ["PostalAddress": ["Street": "Sample Street 5"]],
            ]),
    ]

    private static func resource(_ path: String, _ json: JSON) -> RecordedResource {
        RecordedResource(
            path: path, status: 200, headers: ["Link": "<https://10.17.3.4/x>"],
            content: .json(json))
    }

    private static var anonymised: Recording {
        Recording(resources: resources, source: "https://10.17.3.4").anonymised()
    }

    @Test("holds none of the originals in any byte, file names included")
    func none() throws {
        let out = Crawls.freshFolder()
        try RecordingFolder.write(Self.anonymised, to: out)
        let text = try Crawls.allText(in: out).lowercased()
        for original in Self.originals {
            #expect(!text.contains(original.lowercased()), "\(original)")
        }
        #expect(text.contains("1.45.4.66"), "a version is no address")
        #expect(text.contains("255.255.255.0"))
        #expect(text.contains("hpe"))
    }

    @Test("has one stand-in for one original, in the original's form")
    func forms() throws {
        let read = Self.anonymised.resources
        let system = try #require(read[1].json)
        let serial = try #require(system["SerialNumber"]?.string)
        #expect(serial.count == "CZJ4711XYZ".count)
        #expect(read[1].path == "/redfish/v1/Systems/" + serial)
        #expect(system["@odata.id"]?.string == read[1].path)
        #expect(read[0].json?["Systems"]?["@odata.id"]?.string == read[1].path)
        let uuid = try #require(system["UUID"]?.string.flatMap { UUID(uuidString: $0) })
        #expect(uuid.uuid.6 >> 4 == 4, "version 4")

        let port = try #require(read[2].json)
        let mac = try #require(port["PermanentMACAddress"]?.string)
        #expect(mac.hasPrefix("02:") && mac.split(separator: ":").count == 6)
        #expect(port["MACAddress"]?.string?.lowercased() == mac)
        #expect(read[2].path.hasSuffix("/" + mac))
        let address = try #require(port["IPv4Addresses"]?[0]?["Address"]?.string)
        #expect(address.hasPrefix("192.0.2."))
        #expect(port["IPv6Addresses"]?[0]?["Address"]?.string?.hasPrefix("2001:db8::") == true)

        let message = try #require(read[3].json?["Message"]?.string)
        #expect(message.contains(" from \(address):5123 "))
        #expect(message.contains("(\(serial))"))
        #expect(read[3].json?["UserName"]?.string.map(message.contains) == true)
        #expect(
            system["HostName"] == port["FQDN"], "one host has one name")
    }

    @Test("anonymised again is the same: stand-ins are counted, not derived from the original")
    func stable() {
        let once = Self.anonymised
        #expect(once.anonymised().resources == once.resources)
        #expect(Self.anonymised.resources == once.resources)
    }

    @Test("does not tear words that only look like a name")
    func words() throws {
        let resources = [
            Self.resource(
                "/redfish/v1/AccountService/Accounts/1",
                ["UserName": "admin", "RoleId": "Administrator", "HostName": "bmc", "Bmc": "bmc 1"]),
            Self.resource(
                "/redfish/v1/Managers/bmc",
                ["Manufacturer": "Systems", "UserName": "Systems", "Model": "admin panel"]),
        ]
        let read = Recording(resources: resources).anonymised().resources
        #expect(read[0].json?["UserName"]?.string?.hasPrefix("user-") == true)
        #expect(read[0].json?["RoleId"] == "Administrator")
        #expect(read[1].path == "/redfish/v1/Managers/bmc")
        #expect(read[1].json?["Manufacturer"] == "Systems")
        #expect(read[1].json?["Model"] == "admin panel")
    }
}
