import InfraKit
import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// The operator's hand on the running daemon, with the commands that are typed.
@Suite(.timeLimit(.minutes(5))) struct OperatorTests {
    // MARK: rackpool devices

    @Test("devices shows a row for each, the claimed first, with the worst reason")
    func devices() async throws {
        try await Rig.with(3) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision(group: "workers")
            rig.rack.bmcs[1].systems[0].setHealth(.critical, reason: "PSU 2: input lost")
            rig.rack.bmcs[2].systems[0].power = .on
            try await rig.sync()
            let outcome = try await rig.command("devices")
            #expect(outcome.code == 0)
            let rows = outcome.lines.map { $0.split(separator: " ").map(String.init) }
            #expect(
                rows.first?.prefix(9) == [
                    "DEVICE", "LABELS", "POOL", "STATE", "POWER", "HEALTH", "INSTANCE", "GROUP",
                    "LAST",
                ])
            #expect(
                rows[1].prefix(8) == [
                    "r1u01", "rack=r1,sku=std", "active", "running", "On", "ok", id, "workers",
                ])
            #expect(rows[2][0] == "r1u02" && rows[2][5] == "critical")
            #expect(outcome.lines[2].hasSuffix("PSU 2: input lost"))
            #expect(rows[3][0] == "r1u03" && rows[3][2] == "available,foreign")
            let seen = try #require(Date(timestamp: rows[1][8]))
            #expect(abs(seen.timeIntervalSinceNow) < 120)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("devices takes ranges and filters, and --json is JSON without a secret")
    func filters() async throws {
        try await Rig.with(24) { rig in
            let daemon = try await rig.startUnclocked()
            _ = try await rig.provision(group: "workers")
            _ = try await rig.provision(group: "db")
            rig.rack.bmcs[6].systems[0].setHealth(.warning)
            try await rig.sync()
            func names(_ arguments: String...) async throws -> [String] {
                let child = try await rig.command(["devices", "--json"] + arguments)
                #expect(child.code == 0)
                #expect(!child.text.contains("pass"))
                return try JSON(parsing: child.text).array?.compactMap { $0["Name"]?.string } ?? []
            }
            #expect(try await names().count == 24)
            #expect(try await names("r1u[03-05,09]") == ["r1u03", "r1u04", "r1u05", "r1u09"])
            #expect(try await names("r[1-2]u01", "r1u02") == ["r1u01", "r1u02", "r2u01"])
            #expect(try await names("--pool", "active") == ["r1u01", "r1u02"])
            #expect(try await names("--group", "db") == ["r1u02"])
            #expect(try await names("--health", "warning") == ["r1u07"])
            #expect(try await names("--label", "rack=r2").count == 4)
            #expect(try await names("--label", "rack=r2", "--label", "sku=none").isEmpty)
            #expect(try await names("--pool", "available", "r1u[01-03]") == ["r1u03"])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a device that there is not is answered with the nearest name and exit code 1")
    func unknownDevice() async throws {
        try await Rig.with(3) { rig in
            let daemon = try await rig.startUnclocked()
            for command in ["devices", "cordon", "uncordon", "history"] {
                let outcome = try await rig.command(command, "r1u0l")
                #expect(outcome.code == 1)
                #expect(
                    outcome.text
                        == "rackpool: there is no device r1u0l; did you mean r1u01?\n")
            }
            let range = try await rig.command("cordon", "r1u[02-05]")
            #expect(range.code == 1)
            #expect(range.text.contains("there is no device r1u04"))
            #expect(try await rig.status(of: "r1u02")["Cordoned"] == false)
            let torn = try await rig.command("devices", "r1u[02")
            #expect(torn.code == 64 && torn.text.contains("r1u[02: character"))
            await daemon.end(with: SIGTERM)
        }
    }

    @Test(
        "without a daemon every command says what is missing, with exit code 1",
        arguments: [
            ["devices"], ["sync"], ["unfreeze"], ["cordon", "r1u01"], ["uncordon", "r1u01"],
            ["history", "r1u01"],
        ])
    func nobody(_ arguments: [String]) async throws {
        try await Rig.with(1) { rig in
            let outcome = try await rig.command(arguments)
            #expect(outcome.code == 1, "\(outcome.text)")
            #expect(outcome.lines.count == 1)
            #expect(
                outcome.text.hasPrefix("rackpool: no answer from \(rig.home)/plugins/rackpool: "))
            #expect(outcome.text.contains("is rackpool running?"))
        }
    }

    // MARK: rackpool cordon

    @Test("a cordoned device is not claimed, the refusal says so, and a restart changes nothing")
    func cordon() async throws {
        try await Rig.with(3) { rig in
            let first = try await rig.startUnclocked()
            let cordon = try await rig.command("cordon", "r1u[01-02]", "--reason", "new fan")
            #expect(cordon.code == 0)
            #expect(cordon.text == "r1u01 is cordoned\nr1u02 is cordoned\n")
            #expect(try await rig.provision().hasSuffix("-r1u03"))
            let refusal = "no device to claim: 3 devices: 1 claimed, 2 cordoned"
            await #expect {
                _ = try await rig.provision()
            } throws: { error in
                "\(error)" == refusal
            }
            await first.end(with: SIGTERM)

            let second = try await rig.startUnclocked()
            await #expect {
                _ = try await rig.provision()
            } throws: { error in
                "\(error)" == refusal
            }
            #expect(try await rig.command("devices").text.contains("available,cordoned"))
            let uncordon = try await rig.command("uncordon", "r1u02")
            #expect(uncordon.code == 0 && uncordon.text == "r1u02 is not cordoned any more\n")
            #expect(try await rig.provision().hasSuffix("-r1u02"))
            let history = try await rig.command("history", "r1u02")
            #expect(
                history.lines.map { $0.split(separator: " ")[1] }.prefix(3) == [
                    "cordoned", "uncordoned", "claimed",
                ])
            #expect(history.lines[0].hasSuffix("new fan"))
            await second.end(with: SIGTERM)
        }
    }

    @Test("cordoning a claimed device leaves its instance alone")
    func cordonClaimed() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            #expect(try await rig.command("cordon", "r1u01").code == 0)
            try await rig.sync(3)
            #expect(try await rig.described() == [id])
            #expect(rig.poweredOn == ["r1u01"])
            try await rig.destroy(id)
            await #expect(throws: PluginClient.Refusal.self) { _ = try await rig.provision() }
            await daemon.end(with: SIGTERM)
        }
    }

    // MARK: rackpool sync, history

    @Test("sync makes a round and says what came of it")
    func sync() async throws {
        try await Rig.with(5) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            await rig.rack.bmcs[0].unplug()
            for _ in 0..<2 {
                let outcome = try await rig.command("sync")
                #expect(outcome.code == 0 && outcome.lines.count == 1)
                #expect(
                    outcome.text.hasPrefix(
                        "4 devices seen, 1 not reached, 0 still answering, in "))
            }
            let third = try await rig.command("sync")
            #expect(third.lines.last?.hasPrefix("\(id) is non-functional: 3 looks") == true)
            for bmc in rig.rack.bmcs[1...3] { await bmc.unplug() }
            try await rig.sync()
            #expect(
                try await rig.command("devices").text.hasPrefix(
                    "FROZEN: 4 of 5 watched BMCs failed within a short time"))
            #expect(try await rig.command("sync").text.contains("\nFROZEN: 4 of 5"))
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("history tells why and when a server was replaced, even after a restart")
    func history() async throws {
        try await Rig.with(4) { rig in
            let first = try await rig.startUnclocked()
            let controller = GroupController(.size(2), client: rig.client)
            try await controller.tick()
            let failed = try await rig.described()[0]
            let device = Rig.device(of: failed)
            await Fault.critical.strike(try rig.bmc(of: failed))
            try await rig.sync(2)
            let replacement = try await controller.tick().provisioned
            await first.end(with: SIGTERM)

            let second = try await rig.startUnclocked()
            let outcome = try await rig.command("history", device)
            #expect(outcome.code == 0)
            let last = try #require(outcome.lines.last)
            let words = last.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
            let date = try #require(Date(timestamp: words[0]))
            #expect(abs(date.timeIntervalSinceNow) < 170)
            #expect(words[1] == "failed" && words[2] == failed)
            #expect(last.contains("PSU 2: input lost"))
            #expect(outcome.lines.first?.contains("claimed") == true)
            let other = Rig.device(of: replacement[0])
            let json = try await rig.command("history", other, "--json")
            #expect(try JSON(parsing: json.text)[0]?["Cause"] == "for group workers")
            let idle = try await rig.command("history", "r1u04")
            #expect(idle.code == 0 && idle.text == "nothing has happened to r1u04 yet\n")
            await second.end(with: SIGTERM)
        }
    }
}
