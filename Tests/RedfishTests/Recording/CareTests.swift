import Core
import TestServer
import Testing

@testable import Redfish

@Suite("Recording with care", .timeLimit(.minutes(5)))
struct CareTests {
    @Test("a chassis that restarts an iDRAC when it is read is left alone, and said to be")
    func restart() async throws {
        let deadly = [
            "/redfish/v1/Chassis/Enclosure.Internal.0-1:RAID.Integrated.1-1",
            "/redfish/v1/Chassis/RAID.SL.3-1",
        ]
        let service = try FakeService(
            Crawls.service([
                "Chassis": ["Members": Crawls.links(deadly + ["/redfish/v1/Chassis/1"])],
                "Chassis/1": ["Name": "Chassis"],
            ]))
        defer { service.server.stop() }
        let recording = try await Crawls.record(service)
        #expect(recording.skipped[.restart] == deadly)
        #expect(!service.lines().contains { line in deadly.contains { line.hasSuffix($0) } })
        #expect(recording.read.contains { $0.path == "/redfish/v1/Chassis/1" })
    }

    @Test("ends with an error where the credentials are refused")
    func refused() async throws {
        let service = try FakeService(
            Crawls.service(["Systems": ["Members": []], "Chassis": ["Members": []]])
        ) { request, _ in
            request.path == "/redfish/v1/" ? nil : .answer(401)
        }
        defer { service.server.stop() }
        let error = await #expect(throws: RecordingError.self) {
            try await Crawls.record(service)
        }
        #expect("\(String(describing: error))".contains("the credentials are refused"))
    }
}

@Suite("Reading many resources", .timeLimit(.minutes(5)))
struct ResourceReaderTests {
    private func reader(
        _ service: FakeService, _ time: QuickTime = QuickTime(),
        timeouts: RedfishTimeouts = RedfishTimeouts(request: .milliseconds(200))
    ) -> ResourceReader {
        ResourceReader(client: Rack.provider(timeouts: timeouts).client(for: service.device()))
    }

    @Test("goes on past links that never answer, and asks for nothing below them")
    func silent() async throws {
        let paths = (1...6).map { "/redfish/v1/Chassis/\($0)" }
        var resources = Rack.oneSystem()
        resources["/redfish/v1/Chassis"] = ["Members": Crawls.links(paths)]
        for path in paths { resources[path] = ["Name": "Chassis", "Id": "x"] }
        let service = try FakeService(resources) { request, _ in
            paths.prefix(4).contains(request.path) ? .hold : nil
        }
        defer { service.server.stop() }
        let reader = reader(service)
        let members = try await reader.members(of: "/redfish/v1/Chassis")
        #expect(members.map(\.path) == Array(paths.suffix(2)))
        #expect(try await reader.resource(paths[0] + "/Thermal") == nil)
        #expect(!service.lines().contains { $0.hasSuffix("/Thermal") })
        #expect(
            reader.skipped.contains {
                $0.why.hasPrefix("not asked for, since /redfish/v1/chassis/1")
            })
    }

    @Test("follows a next link without a name, and says how many members did not come")
    func pages() async throws {
        let path = "/redfish/v1/Log"
        var resources = Rack.oneSystem()
        for number in 1...3 {
            resources[path + "/\(number)"] = ["Id": "x", "Name": "y", "Severity": "OK"]
        }
        let service = try FakeService(resources) { request, _ in
            switch request.path {
            case path:
                .json([
                    "Members": Crawls.links([path + "/1"]), "Members@odata.count": 9,
                    "@odata.nextLink": "/redfish/v1/Log?$skip=1",
                ])
            case path + "?$skip=1":
                .json([
                    "Members": Crawls.links([path + "/2", path + "/3"]), "Members@odata.count": 9,
                ])
            default: nil
            }
        }
        defer { service.server.stop() }
        let reader = reader(service)
        #expect(try await reader.members(of: path).count == 3)
        #expect(
            reader.skipped == [HealthReport.Skip(path, why: "6 of 9 members did not come")])
    }
}
