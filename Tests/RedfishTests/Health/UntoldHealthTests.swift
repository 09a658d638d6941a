import Core
import Foundation
import Redfish
import TestServer
import Testing

@Suite("A health that is not told any more", .timeLimit(.minutes(5)))
struct UntoldHealthTests {
    private static let silences: [JSONObject] = [
        ["Status": nil], ["Status": [:]], ["Status": ["Health": nil, "HealthRollup": nil]],
        ["Status": ["Health": "Unknown", "HealthRollup": "Unknown"]],
        ["Status": ["State": "StandbyOffline"]], ["Status": "?"],
        ["Status": ["State": "Absent", "Health": "OK"]],
    ]

    @Test("does not say that a server is well again", arguments: silences)
    func silence(members: JSONObject) async throws {
        let service = try FakeService(Rack.oneSystem())
        defer { service.server.stop() }
        let provider = Rack.provider()
        let look = { (members: JSONObject) in
            service[Rack.system] = Rack.computer("1", members)
            return try await provider.observe(service.device())
        }
        // Who never told that it is ill may be silent.
        #expect(try await look(members).isComplete)
        #expect(try await look([:]).isComplete)
        let ill = try await look(["Status": ["Health": "Critical", "HealthRollup": "Critical"]])
        #expect(ill.health == .critical)
        for _ in 0..<2 {
            let silent = try await look(members)
            #expect(!silent.isComplete)
            #expect(silent.health == .warning)
            #expect(silent.reasons.contains("System: no health since it was critical"))
        }
        let told = try await look(["Status": ["Health": "OK", "HealthRollup": "OK"]])
        #expect(told.isComplete)
        #expect(told.health == .ok)
        #expect(try await look(members).isComplete)
    }

    @Test("counts for each that told it: the system, all in it, its processors, its memory")
    func places() async throws {
        let critical: JSON = ["Status": ["Health": "Critical"]]
        let places: [JSONObject] = [
            ["Status": ["Health": "OK", "HealthRollup": "Critical"]],
            ["ProcessorSummary": critical], ["MemorySummary": critical],
            ["Status": ["Conditions": [["Severity": "Critical", "Message": "burnt"]]]],
        ]
        for members in places {
            let service = try FakeService(Rack.oneSystem(members))
            defer { service.server.stop() }
            let provider = Rack.provider()
            #expect(try await provider.observe(service.device()).health == .critical)
            service[Rack.system] = Rack.computer("1", ["Status": ["State": "Enabled"]])
            #expect(try await provider.observe(service.device()).isComplete == false)
        }
    }

    @Test("of what is off with its host is not told")
    func off() async throws {
        let summary = { (state: String) -> JSONObject in
            ["MemorySummary": ["Status": ["State": .string(state), "Health": "Critical"]]]
        }
        let service = try FakeService(Rack.oneSystem(summary("Enabled")))
        defer { service.server.stop() }
        let provider = Rack.provider()
        _ = try await provider.observe(service.device())
        service[Rack.system] = Rack.computer(
            "1", summary("Disabled").setting(["PowerState": "Off"]))
        #expect(try await provider.observe(service.device()).isComplete == false)
    }
}

@Suite("A status in another form", .timeLimit(.minutes(5)))
struct StatusFormTests {
    @Test(
        "is critical where it says so",
        arguments: [
            "Critical", ["Conditions": [["Severity": "Critical", "Message": "burnt"]]],
            ["State": "Enabled", "Conditions": [["Severity": "Critical"]]],
        ] as [JSON])
    func forms(status: JSON) async throws {
        let service = try FakeService(
            SickMachine.resources(
                system: ["Memory": SickMachine.link("/m")],
                [
                    "/m": SickMachine.collection(["/m/1"]),
                    "/m/1": ["Id": "1", "Name": "A1", "Status": status],
                ]))
        defer { service.server.stop() }
        let provider = Rack.provider()
        #expect(try await provider.examine(service.device()).health == .critical)
        service[Rack.system] = Rack.computer("1", ["Status": status])
        #expect(try await provider.observe(service.device()).health == .critical)
    }
}
