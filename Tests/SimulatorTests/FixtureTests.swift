import Core
import Foundation
import Testing

@testable import Simulator

@Suite("Fixtures", .timeLimit(.minutes(5)))
struct FixtureTests {
    @Test(
        "the recordings of this repository are served whole", arguments: Recordings.committedNames)
    func committed(_ name: String) async throws {
        try await serves(name)
    }

    @Test(
        "recordings of real machines are served whole",
        .enabled(
            if: Recordings.haveShared,
            "SKIPPED: the recordings of real machines are not at ../shared/redfish"),
        arguments: Recordings.sharedNames)
    func shared(_ name: String) async throws {
        try await serves(name)
    }

    /// Reads every resource of the folder, and takes every system through a power cycle.
    private func serves(_ name: String) async throws {
        let folder = Recordings.folder(of: name)
        let fixture = try Fixture(folder: folder)
        #expect(fixture.name == name)
        try await withRack(1, { $0.fixtures = [fixture] }) { rack in
            let bmc = rack.bmcs[0]
            let client = try await TestClient(to: bmc.url)
            let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
                .filter { $0.hasSuffix("index.json") }
            #expect(files.count >= 4)
            for file in files {
                let path = "/redfish/v1/" + file.dropLast("index.json".count)
                // What clients put there is no part of the recording.
                if path.contains("/SessionService/Sessions/"), !path.hasSuffix("Sessions/") {
                    continue
                }
                let answer = try await client.get(path)
                #expect(answer.status == 200, "\(path)")
                let recorded = try JSON(
                    parsing: try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file)))
                let keys = Set(answer.json.object?.keys ?? [])
                let missing = (recorded.object?.keys ?? []).filter { !keys.contains($0) }
                #expect(missing == [], "\(path)")
            }
            for system in bmc.systems { try await cyclePower(of: system, client) }
        }
    }

    private func cyclePower(of system: SimulatedSystem, _ client: TestClient) async throws {
        #expect(try await client.get(system.path).json["Id"]?.string == system.id)
        system.power = .off
        #expect(try await client.reset(system.path, "On").status == 204)
        try await system.waitForPower(.on)
        #expect(try await client.get(system.path).json["PowerState"] == "On")
        #expect(try await client.reset(system.path, "ForceOff").status == 204)
        try await system.waitForPower(.off)
        #expect(try await client.reset(system.path, "Bogus").status == 400)
        #expect(system.bootsFrom.count == 1)
    }

    @Test(
        "reset types that stand in an ActionInfo only are known",
        .enabled(
            if: Recordings.haveShared,
            "SKIPPED: the recordings of real machines are not at ../shared/redfish"))
    func actionInfo() async throws {
        let fixture = try Fixture(folder: Recordings.folder(of: "cray-ex425-two-nodes"))
        try await withRack(1, { $0.fixtures = [fixture] }) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            #expect(rack.bmcs[0].systems.map(\.id) == ["Node0", "Node1"])
            let node = rack.bmcs[0].systems[1]
            let refused = try await client.reset(node.path, "GracefulShutdown")
            #expect(refused.messageID == "Base.1.18.ActionParameterNotSupported")
            #expect(try await client.reset(node.path, "Off").status == 204)
            try await node.waitForPower(.off)
            #expect(rack.bmcs[0].systems[0].power == .on, "its neighbour is left alone")
            var serials: Set<String?> = []
            for system in rack.bmcs[0].systems {
                serials.insert(try await client.get(system.path).json["SerialNumber"]?.string)
            }
            #expect(serials == ["SIM00000000", "SIM00000001"])
        }
    }

    @Test("what a link in a folder leads to is not served")
    func links() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "fixture-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = FileManager.default
        for name in ["fixture/Systems/1", "fixture/Chassis", "elsewhere/Deep"] {
            try files.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        func write(_ path: String, _ text: String) throws {
            try Data(text.utf8).write(to: folder.appending(path: path))
        }
        try write("elsewhere/secret", "root:x:0:0")
        try write("elsewhere/Deep/index.json", #"{"Secret": 1}"#)
        try write(
            "fixture/index.json",
            ##"{"@odata.type": "#ServiceRoot.v1_0_0.ServiceRoot", "Systems": {"@odata.id": "/redfish/v1/Systems"}}"##
        )
        try write(
            "fixture/Systems/index.json", #"{"Members": [{"@odata.id": "/redfish/v1/Systems/1"}]}"#)
        try write("fixture/Systems/1/index.json", #"{"Id": "1", "PowerState": "On", "Boot": {}}"#)
        for (target, name) in [
            ("secret", "Chassis/index.txt"), ("secret", "Chassis/index.json"), ("Deep", "Managers"),
        ] {
            try files.createSymbolicLink(
                at: folder.appending(path: "fixture/" + name),
                withDestinationURL: folder.appending(path: "elsewhere/" + target))
        }
        #expect(mkfifo(folder.appending(path: "fixture/Systems/index.txt").path, 0o600) == 0)
        let fixture = try Fixture(folder: folder.appending(path: "fixture").path)
        #expect(fixture.resource(at: "/redfish/v1/Systems/1") != nil)
        for path in ["/redfish/v1/Chassis", "/redfish/v1/Managers"] {
            #expect(fixture.answer(at: path) == nil)
            #expect(fixture.resource(at: path) == nil)
        }
    }

    @Test("a folder may hold its layout under redfish/v1, with headers, and links in another case")
    func layouts() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "fixture-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ path: String, _ text: String) throws {
            let file = folder.appending(path: "redfish/v1/" + path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try write(
            "index.json",
            ##"""
            {"@odata.type": "#ServiceRoot.v1_0_0.ServiceRoot",
             "Systems": {"@odata.id": "/redfish/v1/systems/"}}
            """##
        )
        try write("Systems/index.json", #"{"Members": [{"@odata.id": "/redfish/v1/Systems/A/"}]}"#)
        try write("Systems/a/index.json", #"{"Id": "a", "PowerState": "On", "Boot": {}}"#)
        try write(
            "Systems/a/headers.json",
            #"{"GET": {"Link": "</schema>; rel=describedby", "Content-Length": "7"}}"#)
        let fixture = try Fixture(folder: folder.path)
        try await withRack(1, { $0.fixtures = [fixture] }) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            for path in [
                "/redfish/v1/Systems/A/", "/redfish/v1/Systems/a", "/redfish/v1/SYSTEMS/a",
            ] {
                let answer = try await client.get(path)
                #expect(answer.json["PowerState"] == "On", "\(path)")
                #expect(answer.header("Link") == "</schema>; rel=describedby")
            }
        }
    }

    @Test("a folder that is no fixture is refused with the place of the fault")
    func broken() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "fixture-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let error = #expect(throws: FixtureError.self) { try Fixture(folder: folder.path) }
        #expect(error?.place == folder.path)

        let systems = folder.appending(path: "Systems")
        try FileManager.default.createDirectory(at: systems, withIntermediateDirectories: true)
        try Data(##"{"@odata.type": "#ServiceRoot.v1_0_0.ServiceRoot"}"##.utf8)
            .write(to: folder.appending(path: "index.json"))
        let without = #expect(throws: FixtureError.self) { try Fixture(folder: folder.path) }
        #expect(without?.message == "has no ComputerSystem in its collection of systems")

        try Data("{\n,}".utf8).write(to: systems.appending(path: "index.json"))
        let malformed = #expect(throws: FixtureError.self) { try Fixture(folder: folder.path) }
        #expect(malformed?.place.hasSuffix("Systems/index.json") == true)
        #expect(malformed?.message.hasPrefix("line 2, column 1") == true)
    }

    @Test("queries are honoured where the service says so, and refused with 501 elsewhere")
    func queries() async throws {
        let fixture = try Fixture(folder: Recordings.folder(of: "rack-server"))
        try await withRack(1, { $0.fixtures = [fixture] }) { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            let fans = "/redfish/v1/Chassis/1/ThermalSubsystem/Fans?$expand=.($levels=1)"
            let members = try await client.get(fans).json["Members"]?.array ?? []
            #expect(members.count == 6)
            #expect(members.allSatisfy { $0["Status"]?["Health"] == "OK" })
            let selected = try await client.get(systemPath + "?$select=PowerState,Status").json
            #expect(selected["PowerState"] == "Off")
            #expect(selected["Boot"] == nil)
            #expect(selected["@odata.id"]?.string == systemPath)
            #expect(try await client.get(fans + "&$filter=x").status == 501)
            #expect(try await client.get(systemPath + "?unknown=1").status == 200)
        }
        try await withRack { rack in
            let client = try await TestClient(to: rack.bmcs[0].url)
            #expect(try await client.get(systemPath + "?$select=PowerState").status == 501)
        }
    }
}
