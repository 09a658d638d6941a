import Core
import Foundation
import Redfish
import TestServer
import Testing

@Suite("The parts of a machine", .timeLimit(.minutes(5)))
struct MachinePartTests {
    private func look(
        _ resources: [String: JSON],
        intercept: @escaping @Sendable (TestRequest, FakeService.Store) -> TestReply? = { _, _ in
            nil
        }
    ) async throws -> (report: HealthReport, lines: [String]) {
        let service = try FakeService(resources, intercept: intercept)
        defer { service.server.stop() }
        return (try await Rack.provider().examine(service.device()), service.lines())
    }

    @Test("are those of each chassis that names the system, or is in one that does, and no others")
    func tied() async throws {
        let (report, lines) = try await look(Tray.resources)
        #expect(Set(report.reasons) == Set(Tray.reasons))
        #expect(report.examined.contains(HealthReport.Count("leak detectors", 2)))
        #expect(!lines.contains { $0.contains("/foreign/") })
    }

    @Test("are found by what contains them too, where they don't say what they are in")
    func contained() async throws {
        var resources = Tray.resources
        resources[Tray.board] = resources[Tray.board]?.setting(["Links": [:]])
        let links: JSON = [
            "ComputerSystems": [SickMachine.link(Rack.system)],
            "Contains": [SickMachine.link(Tray.board)],
        ]
        resources[Tray.shelf] = resources[Tray.shelf]?.setting(["Links": links])
        #expect(Set(try await look(resources).report.reasons) == Set(Tray.reasons))
    }

    @Test("cost a server in one chassis one request more, for the list")
    func cost() async throws {
        var resources = SickMachine.olderSchemas
        let (_, before) = try await look(resources)
        resources["/redfish/v1"] = resources["/redfish/v1"]?.setting([
            "Chassis": SickMachine.link("/redfish/v1/Chassis")
        ])
        resources["/redfish/v1/Chassis"] = SickMachine.collection([SickMachine.chassis])
        let (_, lines) = try await look(resources)
        #expect(lines.count == before.count + 1)
    }

    @Test("are asked for at once where the service brings members with their list")
    func expanded() async throws {
        var resources = Tray.resources
        resources["/redfish/v1"] = resources["/redfish/v1"]?.setting([
            "ProtocolFeaturesSupported": ["ExpandQuery": ["NoLinks": true]]
        ])
        let paths = [SickMachine.chassis, Tray.foreign, Tray.board, Tray.shelf]
        let whole = paths.map { path in
            (resources[path] ?? [:]).setting(["@odata.id": .string(path), "Id": "x"])
        }
        resources["/redfish/v1/Chassis?$expand=."] = ["Members": .array(whole)]
        let (report, lines) = try await look(resources)
        #expect(Set(report.reasons) == Set(Tray.reasons))
        #expect(!lines.contains("GET \(Tray.shelf)"))
    }

    @Test("that are detectors of leaks count where only their group shows them")
    func leakGroups() async throws {
        var resources = Tray.resources
        let detectors: JSON = [
            ["DeviceName": "Leak Left", "DetectorState": "OK"],
            ["DeviceName": "Leak Right", "DetectorState": "Warning"],
        ]
        resources["/shelf/LeakDetection"] = ["LeakDetectorGroups": [["Detectors": detectors]]]
        let (report, _) = try await look(resources)
        #expect(report.reasons.contains("Leak Right: Warning: leak detected"))
    }

    // MARK: What was not to be read

    @Test("that nothing showed are named, with the true reason")
    func unreadKinds() async throws {
        let (report, _) = try await look(SickMachine.olderSchemas) { request, _ in
            request.path == "/thermal" ? .answer(500) : nil
        }
        for kind in ["fans", "temperatures"] {
            let skip = try #require(report.unread.first { $0.what == kind })
            #expect(skip.why.hasPrefix("/thermal: 500"))
        }
    }

    @Test("are not said to have no chassis where it can't be read")
    func missingChassis() async throws {
        let (report, _) = try await look(SickMachine.resources()) { request, _ in
            request.path == SickMachine.chassis ? .missing : nil
        }
        let skip = try #require(report.unread.first { $0.what.hasPrefix("fans") })
        #expect(skip.why.contains("\(SickMachine.chassis): 404"))
        let none = try await look(Rack.oneSystem()).report
        #expect(none.skipped.map(\.why) == ["no chassis belongs to the system"])
        #expect(none.health == .ok)
    }

    // MARK: Drives

    private static let critical: JSON = ["State": "Enabled", "Health": "Critical"]

    private static var smartStorage: [String: JSON] {
        let link = SickMachine.link
        let controller: JSON = [
            "Id": "0", "Model": "Smart Array P408i-a", "Status": ["Health": "OK"],
            "Links": ["PhysicalDrives": link("/ss/d"), "LogicalDrives": link("/ss/v")],
        ]
        return [
            "/ss": ["Links": ["ArrayControllers": link("/ss/a")]],
            "/ss/a": SickMachine.collection(["/ss/a/0"]), "/ss/a/0": controller,
            "/ss/d": SickMachine.collection(["/ss/d/0", "/ss/d/1"]),
            "/ss/d/0": ["Id": "0", "Location": "1I:3:4", "Status": ["Health": "OK"]],
            "/ss/d/1": [
                "Id": "1", "Location": "1I:3:5", "Status": critical,
                "DiskDriveStatusReasons": ["MediaErrors"],
            ],
            "/ss/v": SickMachine.collection(["/ss/v/1"]),
            "/ss/v/1": [
                "Id": "1", "LogicalDriveName": "Logical Drive 1", "Status": ["Health": "Warning"],
            ],
        ]
    }

    @Test(
        "that are drives are those of an older extension where the standard shows none",
        arguments: ["Hpe", "Hp"], ["Links", "links"])
    func smartStorage(vendor: String, key: String) async throws {
        let oem: JSON = .object([
            vendor: .object([key: ["SmartStorage": SickMachine.link("/ss")]])
        ])
        let system: JSONObject = ["Oem": oem, "Storage": SickMachine.link("/s")]
        var resources = SickMachine.resources(
            system: system, Self.smartStorage)
        resources["/s"] = SickMachine.collection([])
        #expect(
            try await look(resources).report.reasons == [
                "Drive 1I:3:5: Critical: media errors", "Logical Drive 1: Warning",
            ])
        resources["/s"] = SickMachine.collection(["/s/1"])
        resources["/s/1"] = ["Id": "1", "Drives": [SickMachine.link("/d/1")]]
        resources["/d/1"] = ["Id": "1", "Status": ["Health": "OK"]]
        let (_, lines) = try await look(resources)
        #expect(!lines.contains { $0.contains("/ss") }, "one kind is read in one place")
    }

    @Test(
        "that are drives are those of the chassis where the system shows none", arguments: [0, 1])
    func chassisDrives(way: Int) async throws {
        let chassis: JSONObject =
            way == 0
            ? ["Drives": SickMachine.link("/d")]
            : ["Links": ["Drives": [SickMachine.link("/d/1")]]]
        let (report, _) = try await look(
            SickMachine.resources(
                chassis: chassis,
                [
                    "/d": SickMachine.collection(["/d/1"]),
                    "/d/1": ["Id": "1", "Name": "Bay 7", "Status": Self.critical],
                ]))
        #expect(report.reasons == ["Bay 7: Critical"])
    }
}
