import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// Devices over IPMI, as an operator gets to see them.
@Suite(.timeLimit(.minutes(5))) struct IPMIOperatorTests {
    @Test("half the rack over Redfish and half over IPMI is switched with one command")
    func mixedPower() async throws {
        try await Rig.with(4, protocols: .mixed) { rig in
            let inventory = ["--inventory", rig.home + "/inventory.yaml"]
            for (verb, state) in [("on", "On"), ("cycle", "On"), ("reset", "On"), ("off", "Off")] {
                let outcome = try await rig.command(
                    ["power", verb, "r1u[01-04]", "--force"] + inventory)
                #expect(outcome.code == 0, "\(outcome.text)")
                #expect(outcome.lines.last == "4 devices: 4 \(state)", "\(outcome.text)")
                #expect(rig.poweredOn.count == (state == "On" ? 4 : 0))
            }
            let status = try await rig.command(["power", "status", "r1u[01-04]"] + inventory)
            #expect(status.lines.last == "4 devices: 4 Off")
        }
    }

    @Test("a plugin's devices over IPMI are listed, audited, claimed and given back")
    func plugin() async throws {
        try await Rig.with(2, protocols: .ipmi) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            let claimed = Rig.device(of: id)
            try await rig.waitUntilPoweredOn([claimed])
            let devices = try await rig.command("devices")
            #expect(devices.lines.count == 3)
            #expect(devices.lines[1].contains(id) && devices.lines[1].contains("  On  "))
            let audit = try await rig.command("audit")
            #expect(audit.code == 0 && audit.lines.last == "2 devices: 2 ok", "\(audit.text)")
            let refused = try await rig.command("power", "off", claimed)
            #expect(refused.code == 1 && refused.text.contains("is claimed by \(id)"))
            try await rig.destroy(id)
            try await rig.waitUntilPoweredOn([])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("inspect shows how to log in, and with credentials all that the BMC tells")
    func inspect() async throws {
        try await Rig.with(1, protocols: .ipmi) { rig in
            let url = try #require(rig.rack.bmcs[0].ipmiURL)
            let stranger = try await rig.command("inspect", url)
            #expect(stranger.code == 0, "\(stranger.text)")
            #expect(stranger.lines.contains { $0.hasPrefix("  Cipher suites  ") })
            #expect(stranger.text.contains("give --username to see the rest"))

            let password = rig.home + "/password"
            try "pass\n".write(toFile: password, atomically: true, encoding: .utf8)
            let login = ["--username", "admin", "--password-file", password]
            let text = try await rig.command(["inspect", url] + login)
            #expect(text.code == 0, "\(text.text)")
            for title in ["BMC", "Chassis", "Inventory", "Sensors", "Event log"] {
                #expect(text.lines.contains(title), "\(title)")
            }
            #expect(text.lines.contains { $0.hasPrefix("  Power ") && $0.hasSuffix(" Off") })
            #expect(text.text.contains("Rackpool can steer this BMC's system."))
            let json = try await rig.command(["inspect", url, "--json"] + login)
            let told = json.told.joined(separator: "\n")
            #expect(json.code == 0 && !told.contains("pass"))
            #expect(try JSON(parsing: told)["Usable"] == true)
            let watcher = try await rig.command(["inspect", url, "--privilege", "user"] + login)
            #expect(watcher.code == 2)
            #expect(watcher.text.contains("can't steer this BMC with the privilege user"))
        }
    }

    @Test("who is not let in is told why, each in its own words, with exit code 1")
    func refused() async throws {
        try await Rig.with(1, protocols: .ipmi) { rig in
            let url = try #require(rig.rack.bmcs[0].ipmiURL)
            let (right, wrong) = (rig.home + "/right", rig.home + "/wrong")
            try "pass\n".write(toFile: right, atomically: true, encoding: .utf8)
            try "hunter2\n".write(toFile: wrong, atomically: true, encoding: .utf8)
            let cases = [
                (["--username", "admin", "--password-file", wrong], "the password is wrong"),
                (["--username", "nobody", "--password-file", right], "knows no such user"),
                (
                    [
                        "--username", "admin", "--password-file", right, "--cipher-suites",
                        "1",
                    ], "takes none of the allowed cipher suites (1)"
                ),
            ]
            for (arguments, reason) in cases {
                let outcome = try await rig.command(["inspect", url] + arguments)
                #expect(outcome.code == 1)
                #expect(outcome.text.contains(reason), "\(outcome.text)")
                #expect(!outcome.text.contains("hunter2"))
            }
            let typed = try await rig.command(
                "inspect", url, "--cipher-suites", "3,18", "--privilege", "root", "--insecure")
            #expect(typed.code == 64)
            for option in [
                "--cipher-suites: unknown", "--privilege: unknown", "--insecure: means",
            ] { #expect(typed.text.contains(option), "\(typed.text)") }
            let record = try await rig.command("record", url, "--out", rig.home + "/record")
            #expect(record.code == 64 && record.text.contains("ipmi:// has no provider here"))
        }
    }
}
