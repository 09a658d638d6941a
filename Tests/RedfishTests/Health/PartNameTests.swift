import Core
import Redfish
import TestServer
import Testing

@Suite("A finding names its part", .timeLimit(.minutes(5)))
struct PartNameTests {
    private func reasons(_ resources: [String: JSON]) async throws -> [String] {
        let service = try FakeService(resources)
        defer { service.server.stop() }
        return try await Rack.provider().examine(service.device()).reasons
    }

    private static let critical: JSON = ["State": "Enabled", "Health": "Critical"]
    private static let well: JSON = ["State": "Enabled", "Health": "OK"]

    @Test("by what holds it, where each of many holds one", arguments: ["embedded", "resources"])
    func controllers(way: String) async throws {
        let paths = (1...33).map { "/s/NVMe.\($0)" }
        var others: [String: JSON] = ["/s": SickMachine.collection(paths)]
        for (index, path) in paths.enumerated() {
            let controller: JSON = [
                "@odata.id": .string("\(path)/c/0"), "Id": "0", "MemberId": "0",
                "Name": "Controller", "Status": index == 6 ? Self.critical : Self.well,
            ]
            var storage: JSONObject = ["Id": .string("NVMe.\(index + 1)"), "Name": "Storage"]
            if way == "embedded" {
                storage["StorageControllers"] = [controller]
            } else {
                storage["Controllers"] = SickMachine.link(path + "/c")
                others[path + "/c"] = SickMachine.collection([path + "/c/0"])
                others[path + "/c/0"] = controller
            }
            others[path] = .object(storage)
        }
        let reasons = try await reasons(
            SickMachine.resources(system: ["Storage": SickMachine.link("/s")], others))
        #expect(reasons == ["Controller of NVMe.7: Critical"])
    }

    private func status(_ members: [JSONObject]) async throws -> [String] {
        let sensors = members.enumerated().map { index, own in
            let plain: JSON = [
                "Name": "Status", "ReadingCelsius": 40,
                "Status": index == 2 ? Self.critical : Self.well,
            ]
            return plain.setting(own)
        }
        return try await reasons(
            SickMachine.resources(
                chassis: ["Thermal": SickMachine.link("/thermal")],
                ["/thermal": ["Temperatures": .array(sensors)]]))
    }

    @Test("by what a sensor is about, then its context, its number, its place")
    func sensors() async throws {
        let plain = [JSONObject](repeating: [:], count: 4)
        #expect(try await status(plain) == ["Status (3 of 4): Critical: 40 °C"])
        let numbered = (0..<4).map { ["MemberId": .string("\($0)")] as JSONObject }
        #expect(try await status(numbered) == ["Status (2): Critical: 40 °C"])
        let contexts = ["Intake", "Exhaust", "PowerSupply", "CPU"]
        let placed = zip(numbered, contexts).map { number, context in
            number.setting(["PhysicalContext": .string(context)])
        }
        #expect(try await status(placed) == ["Status (power supply): Critical: 40 °C"])
    }

    @Test("by the part that a sensor belongs to")
    func related() async throws {
        let ids = (0..<2).map { "/power#/PowerSupplies/\($0)" }
        let supplies = ids.map { id -> JSON in
            ["@odata.id": .string(id), "Name": .string("PSU \(id.suffix(1))"), "Status": Self.well]
        }
        let sensors = ids.enumerated().map { index, id -> JSON in
            [
                "Name": "Status", "RelatedItem": [SickMachine.link(id)], "ReadingVolts": 1,
                "Status": index == 1 ? Self.critical : Self.well,
            ]
        }
        let reasons = try await reasons(
            SickMachine.resources(
                chassis: ["Power": SickMachine.link("/power")],
                ["/power": ["PowerSupplies": .array(supplies), "Voltages": .array(sensors)]]))
        #expect(reasons == ["Status (PSU 1): Critical: 1 V"])
    }

    @Test("by its chassis, and two of one name are two")
    func chassis() async throws {
        var resources = Tray.resources
        let fan: JSON = ["Name": "Fan 1", "Status": Self.critical]
        resources[SickMachine.chassis] = resources[SickMachine.chassis]?.setting([
            "Thermal": SickMachine.link("/own")
        ])
        resources["/own"] = ["Fans": [fan]]
        let reasons = try await reasons(resources)
        #expect(reasons.contains("Fan 1 (1): Critical"))
        #expect(reasons.contains("Fan 1 (Shelf): Critical"))
    }

    @Test("once, where a service shows it as a part and as a sensor")
    func twice() async throws {
        let reasons = try await reasons(
            SickMachine.resources(
                chassis: [
                    "ThermalSubsystem": SickMachine.link("/t"), "Sensors": SickMachine.link("/n"),
                ],
                [
                    "/t": ["Fans": SickMachine.link("/t/f")],
                    "/t/f": SickMachine.collection(["/t/f/1"]),
                    "/t/f/1": ["Id": "1", "Name": "Fan 1", "Status": Self.critical],
                    "/n": SickMachine.collection(["/n/1"]),
                    "/n/1": [
                        "Id": "1", "Name": "Fan 1", "ReadingType": "Rotational", "Reading": 10,
                        "Thresholds": ["LowerCritical": ["Reading": 500]],
                    ],
                ]))
        #expect(reasons == ["Fan 1: Critical: 10 RPM, below 500"])
    }
}
