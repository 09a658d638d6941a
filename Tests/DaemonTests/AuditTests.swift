import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// Why a server is not well, as an operator gets to see it.
@Suite(.timeLimit(.minutes(5))) struct AuditTests {
    private static let supply = "/redfish/v1/Chassis/1/PowerSubsystem/PowerSupplies/2"
    private static let reason = "PSU 2: Critical: input lost"

    private func breakSupply(of bmc: SimulatedBMC) throws {
        try bmc.change(
            Self.supply,
            merging: [
                "Status": ["State": "Enabled", "Health": "Critical"],
                "LineInputStatus": "LossOfInput",
            ])
    }

    @Test("a status without a reason has one by the next look, in devices, sync and history")
    func reasons() async throws {
        try await Rig.with(4) { rig in
            let daemon = try await rig.startUnclocked(["--fail-after", "2"])
            let id = try await rig.provision()
            let bmc = try rig.bmc(of: id)
            try breakSupply(of: bmc)
            bmc.systems[0].setHealth(.critical)
            try await rig.sync()
            let device = Rig.device(of: id)
            #expect(try await rig.status(of: device)["Reasons"]?[0] == "System: Critical")
            try await daemon.wait(for: "a deep look found: \(Self.reason)")
            let sync = try await rig.command("sync")
            #expect(sync.text.contains("\(id) is non-functional: \(Self.reason)"))
            #expect(try await rig.command("devices", device).lines[1].hasSuffix(Self.reason))
            let history = try await rig.command("history", device)
            #expect(history.lines.last?.contains(Self.reason) == true)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("audit looks at all parts of the chosen devices, and ends with 1 if one is critical")
    func audit() async throws {
        try await Rig.with(6) { rig in
            let daemon = try await rig.startUnclocked()
            try breakSupply(of: rig.rack.bmcs[2])
            await rig.rack.bmcs[4].unplug()
            let well = try await rig.command("audit", "r1u[01-02]")
            #expect(well.code == 0)
            #expect(well.lines.count == 4)
            #expect(well.lines.last == "2 devices: 2 ok")
            let all = try await rig.command("audit", "--concurrency", "2")
            #expect(all.code == 1)
            #expect(all.lines[3].hasPrefix("r1u03") && all.lines[3].hasSuffix(Self.reason))
            #expect(all.lines[5].hasPrefix("r1u05") && all.lines[5].contains("unreachable"))
            #expect(all.lines.last == "6 devices: 4 ok, 1 critical, 1 unreachable")
            let json = try await rig.command(
                "audit", "r1u03", "--json", "--since", "1h", "--label", "rack=r1")
            #expect(json.code == 1 && !json.text.contains("pass"))
            let report = try JSON(parsing: json.text)[0]
            #expect(report?["Health"] == "critical")
            #expect(report?["Findings"]?[0]?["Source"] == .string(Self.supply))
            #expect(report?["Examined"]?["power supplies"] == 2)
            let none = try await rig.command("audit", "--label", "rack=none")
            #expect(none.code == 0 && none.lines.last == "0 devices")
            let unknown = try await rig.command("audit", "r1u0l")
            #expect(unknown.code == 1 && unknown.text.contains("did you mean r1u01?"))
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("audit ends with 1 and shows a warning where something critical may be unread")
    func unread() async throws {
        try await Rig.with(2) { rig in
            let daemon = try await rig.startUnclocked()
            rig.rack.bmcs[1].onRequest { request, moment in
                guard case .arrived = moment, request.path == Self.supply else { return .proceed }
                return .answer(SimulatedAnswer(status: 500, json: [:]))
            }
            let audit = try await rig.command("audit")
            #expect(audit.code == 1)
            #expect(audit.lines[2].hasPrefix("r1u02"))
            #expect(audit.lines[2].contains("not read: \(Self.supply): 500"))
            #expect(audit.lines.last == "2 devices: 1 ok, 1 warning")
            let json = try await rig.command("audit", "r1u02", "--json")
            #expect(json.code == 1)
            let report = try JSON(parsing: json.text)[0]
            #expect(report?["Health"] == "warning")
            #expect(report?["Skipped"]?[0]?["MayHideFaults"] == true)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("inspect shows a BMC's systems, in words and as JSON, and ends with 0")
    func inspect() async throws {
        try await Rig.with(1) { rig in
            let password = rig.home + "/password"
            try "pass\n".write(toFile: password, atomically: true, encoding: .utf8)
            let url = rig.rack.bmcs[0].url
            let login = ["--username", "admin", "--password-file", password]
            let text = try await rig.command(["inspect", url] + login)
            #expect(text.code == 0)
            for line in [
                "Service   Redfish 1.19.0, Rackpool Simulated BMC",
                "  Machine       Rackpool Simulated 1U",
                "  Processors    2 × Simulated Processor (64 cores)", "  Memory        256 GiB",
                "  Power         Off", "Everything was understood.",
            ] {
                #expect(text.lines.contains(line), "\(line)")
            }
            let json = try await rig.command(["inspect", url, "--json"] + login)
            let told = json.told.joined(separator: "\n")
            #expect(json.code == 0 && !told.contains("pass"))
            #expect(try JSON(parsing: told)["Systems"]?[0]?["Facts"]?["Cores"] == 64)
            let other = try await rig.command(["inspect", url, "--system", "9"] + login)
            #expect(other.code == 1)
            #expect(other.text.contains("the BMC has no system \"9\"; it has: 1, System"))
            let stranger = try await rig.command("inspect", url)
            #expect(stranger.code == 1 && stranger.text.contains("401"))
            await rig.rack.bmcs[0].unplug()
            let gone = try await rig.command(["inspect", url] + login)
            #expect(gone.code == 1 && gone.told.count == 1)
        }
    }

    @Test("inspect ends with 2 if the BMC lacks what Rackpool needs")
    func unusable() async throws {
        try await Rig.with(1) { rig in
            let password = rig.home + "/password"
            try "pass\n".write(toFile: password, atomically: true, encoding: .utf8)
            try rig.rack.bmcs[0].change("/redfish/v1/Systems/1", merging: ["Actions": nil])
            let outcome = try await rig.command(
                "inspect", rig.rack.bmcs[0].url, "--username", "admin", "--password-file", password)
            #expect(outcome.code == 2)
            #expect(outcome.text.contains("! /redfish/v1/Systems/1: there is no reset action"))
        }
    }
}
