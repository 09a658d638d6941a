import Core
import Foundation
import Redfish
import TestServer
import Testing

@Suite("A part's health", .timeLimit(.minutes(5)))
struct PartHealthTests {
    private func examine(_ resources: [String: JSON]) async throws -> HealthReport {
        let service = try FakeService(resources)
        defer { service.server.stop() }
        return try await Rack.provider().examine(service.device())
    }

    // MARK: What is off

    private static func machine(_ power: String, _ status: JSON) -> [String: JSON] {
        let part: JSON = ["Id": "1", "Name": "P1", "Status": status]
        return SickMachine.resources(
            system: [
                "PowerState": .string(power), "Memory": SickMachine.link("/m"),
                "Processors": SickMachine.link("/p"), "Storage": SickMachine.link("/s"),
            ],
            chassis: ["Thermal": SickMachine.link("/t"), "Power": SickMachine.link("/w")],
            [
                "/m": SickMachine.collection(["/m/1"]), "/m/1": part,
                "/p": SickMachine.collection(["/p/1"]), "/p/1": part,
                "/s": SickMachine.collection(["/s/1"]),
                "/s/1": ["Id": "1", "Drives": [SickMachine.link("/d/1")]], "/d/1": part,
                "/t": ["Fans": [part], "Temperatures": [part]], "/w": ["PowerSupplies": [part]],
            ])
    }

    @Test(
        "is not critical for being off with the host",
        arguments: ["Disabled", "StandbyOffline", "UnavailableOffline"])
    func hostOff(state: String) async throws {
        let status: JSON = ["State": .string(state), "Health": "Critical"]
        let off = try await examine(Self.machine("Off", status))
        // A supply is not off with its host; of the only part of a kind nobody can tell.
        #expect(off.findings.map(\.part) == ["PSU P1"])
        #expect(Set(off.unread.map(\.what)) == ["CPU P1", "DIMM P1", "Drive P1"])
        let running = try await examine(Self.machine("On", status)).findings.map(\.part)
        #expect(Set(running).isSuperset(of: ["CPU P1", "DIMM P1", "Drive P1", "PSU P1"]))
    }

    private static func modules(_ statuses: [JSON]) -> [String: JSON] {
        var others: [String: JSON] = [
            "/m": SickMachine.collection(statuses.indices.map { "/m/\($0)" })
        ]
        for (index, status) in statuses.enumerated() {
            others["/m/\(index)"] = ["Id": .string("A\(index)"), "Status": status]
        }
        return SickMachine.resources(
            system: ["PowerState": "Off", "Memory": SickMachine.link("/m")], others)
    }

    @Test("is critical in a host that is off, where others of its kind are well")
    func standsOut() async throws {
        let ill: JSON = ["State": "Disabled", "Health": "Critical"]
        let idle: JSON = ["State": "Disabled", "Health": "OK"]
        let used: JSON = ["State": "Enabled", "Health": "OK"]
        for well in [idle, used] {
            let report = try await examine(Self.modules([ill, well, well]))
            #expect(report.reasons == ["DIMM A0: Critical: disabled"])
        }
        // All alike: so it looks here.
        #expect(try await examine(Self.modules([ill, ill, ill])).health == .ok)
        let most = try await examine(Self.modules([ill, ill, used]))
        #expect(most.findings == [])
        #expect(most.unread.map(\.what) == ["DIMM A0", "DIMM A1"])
        #expect(try await examine(Self.modules([ill, ["State": "Absent"]])).unread.count == 1)
    }

    @Test("is critical in a host that is off, where the part is in use or says why")
    func hostOffButIll() async throws {
        let inUse: JSON = ["State": "Enabled", "Health": "Critical"]
        #expect(try await examine(Self.machine("Off", inUse)).findings.count >= 4)
        let telling: JSON = [
            "State": "Disabled", "Health": "Critical",
            "Conditions": [["Severity": "Critical", "Message": "burnt"]],
        ]
        let reasons = try await examine(Self.machine("Off", telling)).reasons
        #expect(reasons.contains("DIMM P1: Critical: burnt"))
    }

    @Test("is not critical where the part says that it is switched off itself")
    func partOff() async throws {
        let supply: JSON = [
            "Name": "PSU 1", "PowerState": "Off",
            "Status": ["State": "Enabled", "Health": "Critical"],
        ]
        var resources = SickMachine.resources(
            chassis: ["Power": SickMachine.link("/w")], ["/w": ["PowerSupplies": [supply]]])
        #expect(try await examine(resources).reasons == [])
        let lost = supply.setting(["LineInputStatus": "LossOfInput"])
        resources["/w"] = ["PowerSupplies": [lost]]
        #expect(try await examine(resources).reasons == ["PSU 1: Warning: input lost"])
    }

    @Test("of a host that is off counts in a routine look no more than in a deep one")
    func routine() async throws {
        let summary: JSON = ["Status": ["State": "Disabled", "Health": "Critical"]]
        for (power, health) in [("Off", Health.ok), ("On", .critical)] {
            let service = try FakeService(
                Rack.oneSystem([
                    "PowerState": .string(power), "ProcessorSummary": summary,
                    "MemorySummary": summary,
                ]))
            defer { service.server.stop() }
            #expect(try await Rack.provider().observe(service.device()).health == health)
        }
    }

    // MARK: Drives

    private func drive(_ members: JSONObject) async throws -> [String] {
        let plain: JSON = ["Id": "1", "Name": "Bay 1", "Status": ["State": "Enabled"]]
        return try await examine(
            SickMachine.resources(
                system: ["Storage": SickMachine.link("/s")],
                [
                    "/s": SickMachine.collection(["/s/1"]),
                    "/s/1": ["Id": "1", "Drives": [SickMachine.link("/d/1")]],
                    "/d/1": plain.setting(members),
                ])
        ).reasons
    }

    @Test("of a drive is what HPE says of it beside its status")
    func driveStatus() async throws {
        let ok: JSON = ["State": "Enabled", "Health": "OK"]
        let failed: JSON = ["Hpe": ["DriveStatus": ["Health": "Critical", "State": "Failed"]]]
        let reasons = try await drive(["Status": ok, "Oem": failed])
        #expect(reasons == ["Bay 1: Critical: failed"])
        #expect(try await drive(["Status": ok, "Oem": ["Hpe": ["DriveStatus": ok]]]) == [])
        #expect(try await drive(["Status": ok, "Oem": ["Hpe": ["DriveStatus": "x"]]]) == [])
    }

    @Test("of a drive that is not in use is not predicted", arguments: ["Disabled", "Absent"])
    func disabledDrive(state: String) async throws {
        let predicted: JSONObject = ["FailurePredicted": true, "PredictedMediaLifeLeftPercent": 2]
        let status: JSON = ["State": .string(state), "Health": "OK"]
        let unused = predicted.setting(["Status": status])
        #expect(try await drive(unused) == [])
        #expect(try await drive(predicted) == ["Bay 1: Warning: predicted failure"])
    }

    @Test("of a drive that failed says so, in a host that is off too")
    func failedDrive() async throws {
        let status: JSON = ["State": "UnavailableOffline", "Health": "Critical"]
        let members: JSONObject = ["Status": status, "StatusIndicator": "Fail"]
        #expect(try await drive(members) == ["Bay 1: Critical: failed"])
    }
}
