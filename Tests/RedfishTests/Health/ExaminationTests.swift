import Core
import Foundation
import Redfish
import TestServer
import Testing

@Suite("A deep look", .timeLimit(.minutes(5)))
struct ExaminationTests {
    private let provider = Rack.provider()

    private func report(
        _ resources: [String: JSON],
        intercept: @escaping @Sendable (TestRequest, FakeService.Store) -> TestReply? = { _, _ in
            nil
        }
    ) async throws -> (HealthReport, [String]) {
        let service = try FakeService(resources, intercept: intercept)
        defer { service.server.stop() }
        return (try await provider.examine(service.device()), service.lines())
    }

    @Test("names what is broken and why, the worst first, and no serial number")
    func reasons() async throws {
        let (report, _) = try await report(SickMachine.olderSchemas)
        #expect(report.health == .critical)
        #expect(
            report.reasons == [
                "CPU1 Temp: Critical: 98 °C, limit 95", "Fan 3: Critical: 0 RPM, below 500",
                "PSU 2: Critical: input lost",
                "PSU redundancy: Warning: 2 needed, of a set of 2", "DIMM A1: Warning",
                "Drive 1.1: Warning: predicted failure",
            ])
        #expect(report.skipped.isEmpty)
        #expect(!"\(report)".contains("SECRET7"))
    }

    @Test("says of a fixture what its page says", arguments: ["", "-older-schemas"])
    func ailing(ages: String) async throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../fixtures/ailing-server\(ages)").standardizedFileURL
        let (report, _) = try await report(RecordedServices.resources(in: folder))
        #expect(report.health == .critical)
        let parts = [
            "Exhaust: Critical: 79 °C, limit 75", "NVMe Zone: Critical: 71 °C, limit 70",
            "Fan 3: Critical: 0 RPM, below 900", "Inlet: Warning: 46 °C, limit 42",
            "Bay 2: Warning: predicted failure",
            "SEL 2025-03-01T04:05:06Z: Critical: Uncorrectable memory error in DIMM A2.",
        ]
        for part in parts { #expect(report.reasons.contains { $0.hasSuffix(part) }, "\(part)") }
        for part in ["Power Supply 2: Critical: ", "DIMM A2: Critical", "PSU redundancy: Crit"] {
            #expect(report.reasons.contains { $0.hasPrefix(part) }, "\(part)")
        }
        let absent = ["CPU 2", "DIMM B1", "Bay 4", "Power Supply 3", "Fan 5", "GPU", "2024-"]
        for part in absent { #expect(!report.reasons.contains { $0.contains(part) }, "\(part)") }
    }

    @Test("leaves a system that nothing explains as it is, with where the BMC sees the trouble")
    func unexplained() async throws {
        let plain = SickMachine.resources(system: ["Status": ["Health": "Critical"]])
        #expect(try await report(plain).0.reasons == ["System: Critical"])
        let areas: JSON = [
            "Hpe": [
                "AggregateHealthStatus": [
                    "Storage": ["Status": ["Health": "Critical"]], "FanRedundancy": "Redundant",
                    "Network": ["Status": ["Health": "Warning"]],
                ]
            ]
        ]
        let hinting = SickMachine.resources(
            system: ["Status": ["Health": "Critical"], "Oem": areas])
        #expect(try await report(hinting).0.reasons == ["System: Critical: in storage"])
    }

    @Test("calls nothing sick that says nothing, or what has no meaning")
    func oddities() async throws {
        let healths: [JSON] = [nil, "Ok", "GOOD", "Confused", "", 7, ["Health": "Critical"]]
        for health in healths {
            let status: JSON = ["State": "Enabled", "Health": health]
            let resources = SickMachine.resources(
                system: ["Status": status, "Processors": SickMachine.link("/p")],
                chassis: ["Status": status], manager: ["Status": status],
                [
                    "/p": SickMachine.collection(["/p/1"]),
                    "/p/1": ["Id": "1", "Status": status],
                ])
            #expect(try await report(resources).0.findings == [], "\(health)")
        }
    }

    @Test("looks at no chassis of another system")
    func otherSystem() async throws {
        var resources = SickMachine.resources()
        resources["/redfish/v1/Chassis/2"] = ["Status": ["Health": "Critical"]]
        resources["/redfish/v1/Chassis"] = SickMachine.collection([
            "/redfish/v1/Chassis/1", "/redfish/v1/Chassis/2",
        ])
        let (report, lines) = try await report(resources)
        #expect(report.health == .ok)
        #expect(!lines.contains { $0.contains("Chassis/2") })
    }

    @Test("says what could not be read, and goes on")
    func unreadable() async throws {
        let (report, _) = try await report(SickMachine.olderSchemas) { request, _ in
            switch request.path {
            case "/thermal": .answer(500, "oops")
            case "/m/1", "/m/2": .missing
            case "/d/1": .answer(503)
            default: nil
            }
        }
        #expect(report.reasons.contains("PSU 2: Critical: input lost"))
        #expect(report.skipped.map(\.what).contains("/thermal"))
        #expect(report.skipped.map(\.what).contains("2 members of /m"))
    }

    @Test("ends after 300 requests and says what is missing")
    func bounded() async throws {
        let paths = (0..<400).map { "/m/\($0)" }
        var others = ["/m": SickMachine.collection(paths)]
        for path in paths { others[path] = ["Id": .string(path), "Status": ["Health": "OK"]] }
        let resources = SickMachine.resources(system: ["Memory": SickMachine.link("/m")], others)
        let (report, lines) = try await report(resources)
        #expect(report.requests == 300)
        #expect(lines.count <= 303)
        #expect(report.skipped.contains { $0.why == "the limit of 300 requests" })
    }

    // MARK: $expand

    private func expanding(fails: Bool) throws -> [String: JSON] {
        var resources = SickMachine.olderSchemas
        resources["/redfish/v1"] = resources["/redfish/v1"]?.setting([
            "ProtocolFeaturesSupported": ["ExpandQuery": ["NoLinks": true, "MaxLevels": 1]]
        ])
        guard !fails else { return resources }
        for path in ["/p", "/m"] {
            let members = resources[path]?["Members"]?.array ?? []
            let whole = members.compactMap { member -> JSON? in
                guard let link = member["@odata.id"]?.string else { return nil }
                return resources[link]?.setting(["@odata.id": .string(link)])
            }
            resources["\(path)?$expand=."] = ["Members": .array(whole)]
        }
        return resources
    }

    @Test("takes collections whole where the service offers it")
    func expand() async throws {
        let (report, lines) = try await report(expanding(fails: false))
        #expect(report.reasons.contains("DIMM A1: Warning"))
        #expect(lines.contains("GET /m?$expand=."))
        #expect(!lines.contains { $0.hasPrefix("GET /m/") })
    }

    @Test("goes on one by one where the offer turns out to be empty", arguments: [400, 500, 501])
    func brokenExpand(status: Int) async throws {
        let (report, lines) = try await report(expanding(fails: true)) { request, _ in
            request.path.contains("$expand") ? .answer(status) : nil
        }
        #expect(report.reasons.contains("DIMM A1: Warning"))
        #expect(lines.filter { $0.contains("$expand") }.count == 1)
        #expect(report.skipped.map(\.what) == ["$expand"])
    }
}
