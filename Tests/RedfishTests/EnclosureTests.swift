import Core
import Redfish
import TestServer
import Testing

@Suite("What a system leaves out of its identity", .timeLimit(.minutes(5)))
struct EnclosureTests {
    private func facts(_ resources: [String: JSON]) async throws -> (Facts, requests: Int) {
        let service = try FakeService(resources)
        defer { service.server.stop() }
        let facts = try await Rack.provider().facts(of: service.device())
        return (facts, service.lines().count)
    }

    @Test("is that of the enclosure that names it, not of the board that it names")
    func enclosure() async throws {
        let (facts, _) = try await facts(Tray.resources)
        #expect(facts.manufacturer == "Rackpool")
        #expect(facts.model == "Tray")
        #expect(facts.serialNumber == "TRAY1")
    }

    @Test(
        "is not told, where there is nothing but boards, cards and racks",
        arguments: ["Component", "Module", "Card", "Zone", "Rack", "RackGroup", "StorageEnclosure"])
    func boards(type: String) async throws {
        var resources = Tray.resources
        for path in [SickMachine.chassis, Tray.shelf] {
            resources[path] = resources[path]?.setting(["ChassisType": .string(type)])
        }
        let (facts, _) = try await facts(resources)
        #expect(facts.manufacturer == nil && facts.model == nil && facts.serialNumber == nil)
    }

    @Test("is that of its own chassis at once, where that is an enclosure or does not say")
    func own() async throws {
        for type in ["RackMount", "Blade", nil] {
            var resources = Tray.resources
            resources[SickMachine.chassis] = resources[SickMachine.chassis]?.setting([
                "ChassisType": JSON(type)
            ])
            let (facts, _) = try await facts(resources)
            #expect(facts.serialNumber == "BMC1")
        }
    }

    @Test("is not that of an enclosure around several")
    func shared() async throws {
        var resources = Tray.resources
        let links: JSON = [
            "ComputerSystems": [
                SickMachine.link(Rack.system), SickMachine.link("/redfish/v1/Systems/2"),
            ]
        ]
        resources[Tray.shelf] = resources[Tray.shelf]?.setting(["Links": links])
        #expect(try await facts(resources).0.serialNumber == nil)
    }

    // MARK: MAC addresses

    private static let link = SickMachine.link
    private static let own = "02:00:00:00:00:01"

    private static func interfaces(_ members: [JSONObject]) -> [String: JSON] {
        let paths = members.indices.map { "/e/\($0)" }
        var resources = ["/e": SickMachine.collection(paths)]
        for (path, member) in zip(paths, members) { resources[path] = .object(member) }
        return resources
    }

    private func addresses(
        system: JSONObject = [:], chassis: JSONObject = [:], _ others: [String: JSON]
    ) async throws -> [String] {
        var own: JSONObject = ["EthernetInterfaces": Self.link("/e")]
        for (key, value) in system { own[key] = value }
        return try await facts(SickMachine.resources(system: own, chassis: chassis, others)).0
            .macAddresses
    }

    @Test("has no MAC address of the host's link to its BMC")
    func hostInterface() async throws {
        let found = try await addresses(
            Self.interfaces([
                ["Id": "1", "MACAddress": .string(Self.own)],
                ["Id": "ToManager", "MACAddress": "02:00:00:00:00:0a"],
                [
                    "Id": "usb0", "MACAddress": "02:00:00:00:00:0b",
                    "Links": [
                        "HostInterface": Self.link("/redfish/v1/Managers/1/HostInterfaces/1")
                    ],
                ],
            ]))
        #expect(found == [Self.own])
    }

    private static let adapter: [String: JSON] = [
        "/a/1": ["Id": "1", "NetworkDeviceFunctions": link("/a/1/f"), "Ports": link("/a/1/p")],
        "/a/1/f": SickMachine.collection(["/a/1/f/1", "/a/1/f/2"]),
        "/a/1/f/1": ["Id": "1", "Ethernet": ["PermanentMACAddress": .string(own)]],
        "/a/1/f/2": [
            "Id": "2", "DeviceEnabled": false, "Ethernet": ["MACAddress": "02:00:00:00:00:0c"],
        ],
        "/a/1/p": SickMachine.collection(["/a/1/p/1"]),
        "/a/1/p/1": ["Id": "1", "Ethernet": ["AssociatedMACAddresses": [.string(own)]]],
    ]

    @Test("has its MAC addresses in its adapters, by whichever way leads there", arguments: 0..<5)
    func adapters(way: Int) async throws {
        var resources = Self.interfaces([["Id": "ToManager", "MACAddress": "02:00:00:00:00:0a"]])
        for (path, resource) in Self.adapter { resources[path] = resource }
        resources["/n"] = SickMachine.collection(["/n/1"])
        resources["/n/1"] = ["Id": "1", "Links": ["NetworkAdapter": Self.link("/a/1")]]
        var system: JSONObject = ["NetworkInterfaces": Self.link("/n")]
        var chassis: JSONObject = [:]
        switch way {
        case 0: break
        case 1: resources["/n/1"] = ["Id": "1", "NetworkDeviceFunctions": Self.link("/a/1/f")]
        case 2:
            system = [:]
            chassis = ["NetworkAdapters": Self.link("/a")]
            resources["/a"] = SickMachine.collection(["/a/1"])
        case 3: resources["/a/1"] = ["Id": "1", "Ports": Self.link("/a/1/p")]
        default:
            resources["/a/1"] = [
                "Id": "1", "Ports": Self.link("/a/1/q"), "NetworkPorts": Self.link("/a/1/p"),
            ]
            resources["/a/1/q"] = SickMachine.collection([])
            resources["/a/1/p/1"] = ["Id": "1", "AssociatedNetworkAddresses": [.string(Self.own)]]
        }
        #expect(try await addresses(system: system, chassis: chassis, resources) == [Self.own])
    }

    @Test("costs no request more where the system shows its addresses")
    func cost() async throws {
        let interfaces = Self.interfaces([["Id": "1", "MACAddress": .string(Self.own)]])
        var system: JSONObject = ["EthernetInterfaces": Self.link("/e")]
        let plain = try await facts(SickMachine.resources(system: system, interfaces))
        system["NetworkInterfaces"] = Self.link("/n")
        let other = try await facts(SickMachine.resources(system: system, interfaces))
        #expect(plain.requests == other.requests)
    }
}
