import Core
import Foundation
import InfraKit
import Processes
import Simulator
import Testing

@testable import rackpool

/// What an inventory means for the pool: before it is taken over, and when it is.
@Suite(.timeLimit(.minutes(5))) struct InventoryCommandTests {
    @Test("check counts what is listed, and names mistakes and one BMC under two names")
    func check() async throws {
        try await Rig.with(1) { rig in
            let path = rig.home + "/other.yaml"
            func check(_ devices: String) async throws -> Rig.CommandOutcome {
                try "devices:\n\(devices)\n".write(
                    toFile: path, atomically: true, encoding: .utf8)
                return try await rig.command("inventory", "check", path)
            }
            let sound = try await check(
                """
                  - {name: "a[1-3]", bmc: "https://192.0.2.[1-3]", labels: {rack: r1}}
                  - {name: b, bmc: "ipmi://192.0.2.9", username: u, password: p}
                """)
            #expect(sound.code == 0)
            #expect(
                sound.told == [
                    "4 devices behind 4 BMCs: 1 ipmi, 3 redfish", "rack: 1 (without), 3 r1",
                ])
            let bad = try await check("  - {nmae: b, bmc: 'https://192.0.2.1'}")
            #expect(bad.code == 1 && bad.text.contains("\(path):2: devices[0]"))
            for (one, other) in [
                ("https://127.0.0.1", "https://localhost"),
                ("https://[::ffff:192.0.2.1]:8443", "https://192.0.2.1:8443"),
                ("https://localhost", "ipmi://127.0.0.1"),
            ] {
                let twice = try await check(
                    "  - {name: a, bmc: '\(one)'}\n  - {name: b, bmc: '\(other)'}")
                #expect(twice.code == 1)
                #expect(
                    twice.text.contains("\(path):3: b: \(other) is the BMC of a under another name")
                )
            }
            let trays = try await check(
                """
                  - {name: a, bmc: "https://127.0.0.1", system: Node0}
                  - {name: b, bmc: "https://localhost", system: Node1}
                """)
            #expect(trays.code == 0)
        }
    }

    @Test(
        "a claimed device that is renamed takes its claim along; diff tells so and changes nothing")
    func renamed() async throws {
        try await Rig.with(3) { rig in
            try rig.list { $0 != "r1u03" }
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            #expect(id.hasSuffix("-r1u01"))
            try rig.list({ $0 != "r1u02" }, moving: ["name: r1u01": "name: server1"])
            let path = rig.home + "/inventory.yaml"
            let diff = try await rig.command("inventory", "diff", path)
            #expect(diff.code == 0)
            #expect(diff.lines.first == "the plugin has read \(path): 2 devices")
            for line in [
                "server1: renamed: was r1u01, and keeps its claim", "r1u02: removed: ",
                "r1u03: added: ",
            ] { #expect(diff.lines.contains { $0.hasPrefix(line) }) }
            #expect(try await rig.status(of: "r1u01")["Instance"] == .string(id))
            let off = try await rig.command("power", "off", "server1", "--now", "--inventory", path)
            #expect(off.code == 1 && off.text.contains("the running plugin calls it r1u01"))
            try rig.hangUp()
            try await daemon.wait(for: "server1: renamed: was r1u01, and keeps its claim")
            try await daemon.wait(for: "inventory.yaml read again: 2 devices")
            try await rig.sync()
            #expect(try await rig.described() == [id])
            #expect(try await rig.status(of: "server1")["Instance"] == .string(id))
            #expect(try await rig.provision().hasSuffix("-r1u03"))
            try await rig.destroy(id)
            #expect(rig.poweredOn == ["r1u03"])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test(
        "a claimed device that is not listed is warned of, at a reload, at a start and in devices")
    func unlisted() async throws {
        try await Rig.with(2) { rig in
            let first = try await rig.startUnclocked()
            let id = try await rig.provision()
            try rig.list { $0 == "r1u02" }
            try rig.hangUp()
            let warning = "r1u01: unlisted: claimed by \(id), and not in the inventory"
            try await first.wait(for: warning + ": it is watched, and can be destroyed, until")
            let table = try await rig.command("devices")
            #expect(table.text.contains("UNLISTED: 1 device is claimed and not in the inventory"))
            #expect(table.text.contains("claimed, and not in the inventory: list it again"))
            await first.end(with: SIGTERM)
            let second = try await rig.start()
            #expect(second.output.contains(warning + ": it can't be watched or destroyed"))
            let status = try await rig.status(of: "r1u01")
            #expect(status["BMC"] == .string(rig.rack.bmcs[0].url))
            await second.end(with: SIGTERM)
        }
    }

    @Test("one machine under two spellings is refused at a reload, and not claimed after a start")
    func spellings() async throws {
        try await Rig.with(2) { rig in
            let url = rig.rack.bmcs[0].url
            let host = try #require(URL(string: url)?.host)
            let other = url.replacingOccurrences(of: host, with: "[::ffff:\(host)]")
            try rig.list { $0 == "r1u01" }
            let path = rig.home + "/inventory.yaml"
            let sound = try String(contentsOfFile: path, encoding: .utf8)
            let first = try await rig.start(["--interval", "1h"])
            let twice = sound + "  - {name: again, bmc: \"\(other)\"}\n"
            try twice.write(toFile: path, atomically: true, encoding: .utf8)
            try rig.hangUp()
            try await first.wait(for: "the inventory is refused, the old one stays")
            try await first.wait(for: "again: \(other.lowercased()) is the BMC of r1u01")
            #expect(try await rig.report()["Devices"]?.array?.count == 1)
            await first.end(with: SIGTERM)
            let second = try await rig.start(["--interval", "1h"])
            #expect(
                second.output.contains(
                    "neither of the two is claimed, and a reload of such an inventory is refused"))
            let check = try await rig.command("inventory", "check", path)
            #expect(check.code == 1 && check.text.contains("is the BMC of r1u01 under another"))
            await #expect(throws: PluginClient.Refusal.self) { _ = try await rig.provision() }
            #expect(try await rig.status(of: "again")["Twin"] == "r1u01")
            await second.end(with: SIGTERM)
        }
    }
}
