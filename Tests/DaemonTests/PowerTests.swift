import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// Devices switched by hand, with the command that is typed.
@Suite(.timeLimit(.minutes(5))) struct PowerTests {
    private func power(_ arguments: String..., on rig: Rig) async throws -> Rig.CommandOutcome {
        try await rig.command(["power"] + arguments)
    }

    @Test("without a plugin the BMCs of the inventory are spoken to, a range at a time")
    func alone() async throws {
        try await Rig.with(5) { rig in
            let inventory = rig.home + "/inventory.yaml"
            let status = try await power(
                "status", "r1u[01-04]", "r1u02", "--inventory", inventory, on: rig)
            #expect(status.code == 0)
            #expect(
                status.lines == [
                    "DEVICE  POWER  REMARK", "r1u01   Off    ok", "r1u02   Off    ok",
                    "r1u03   Off    ok", "r1u04   Off    ok", "4 devices: 4 Off",
                ])
            let unknown = try await power("on", "r1u01", "--inventory", inventory, on: rig)
            #expect(unknown.code == 1 && rig.poweredOn.isEmpty)
            #expect(unknown.text.contains("nobody knows what is claimed"))
            let on = try await power(
                "on", "r1u[01-03]", "--force", "--inventory", inventory, "--concurrency", "2",
                on: rig)
            #expect(on.code == 0 && on.lines.last == "3 devices: 3 On")
            #expect(rig.poweredOn == ["r1u01", "r1u02", "r1u03"])
            let cycle = try await power(
                "cycle", "r1u01", "--force", "--inventory", inventory, on: rig)
            #expect(cycle.code == 0 && cycle.lines.last == "1 device: 1 On")
            let reset = try await power(
                "reset", "r1u01", "--force", "--inventory", inventory, on: rig)
            #expect(reset.code == 0 && reset.lines.last == "1 device: 1 On")
            await rig.rack.bmcs[1].unplug()
            let off = try await power(
                "off", "r1u[01-02]", "r1u05", "--force", "--inventory", inventory, on: rig)
            #expect(off.code == 1)
            #expect(off.lines.last == "3 devices: 2 Off, 1 FAILED")
            #expect(
                off.lines.contains { $0.hasPrefix("r1u02   FAILED  r1u02 (http://127.") })
            #expect(off.lines.contains("r1u05   Off     was Off already"))
            #expect(rig.poweredOn == ["r1u02", "r1u03"])
            let json = try await power(
                "status", "r1u03", "--json", "--inventory", inventory, on: rig)
            #expect(try JSON(parsing: json.text)[0]?["Power"] == "On")
            #expect(!json.text.contains("pass"))
        }
    }

    @Test("what is typed wrong is told, and nothing is switched")
    func mistakes() async throws {
        try await Rig.with(2) { rig in
            let inventory = rig.home + "/inventory.yaml"
            let unknown = try await power("on", "r1u[01-03]", "--inventory", inventory, on: rig)
            #expect(unknown.code == 1)
            #expect(unknown.text.hasPrefix("rackpool: there is no device r1u03; did you mean r1u0"))
            let nowhere = try await power("on", "r1u01", on: rig)
            #expect(nowhere.code == 1 && nowhere.text.contains("Give --inventory FILE"))
            let verb = try await power("of", "r1u01", "--inventory", inventory, on: rig)
            #expect(verb.code == 64 && verb.text.contains("'off'"))
            let now = try await power("cycle", "r1u01", "--now", on: rig)
            #expect(now.code == 64 && now.text.contains("--now is for off"))
            #expect(try await power("on", on: rig).code == 64)
            #expect(rig.poweredOn.isEmpty)
        }
    }

    @Test("a running plugin switches what is free, and a claimed device only by force")
    func withPlugin() async throws {
        try await Rig.with(3) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            let claimed = Rig.device(of: id)
            try await rig.waitUntilPoweredOn([claimed])
            let refused = try await power("off", "r1u[01-03]", on: rig)
            #expect(refused.code == 1)
            #expect(refused.text.contains("not switched: it is claimed by \(id) of group g"))
            #expect(refused.lines.last == "3 devices: 2 Off, 1 FAILED")
            #expect(rig.poweredOn == [claimed])
            let status = try await power("status", claimed, on: rig)
            #expect(status.code == 0 && status.lines.last == "1 device: 1 On")
            // The same with an inventory, which names the same devices.
            let named = try await power(
                "off", claimed, "--inventory", rig.home + "/inventory.yaml", on: rig)
            #expect(named.code == 1 && named.text.contains("is claimed by \(id)"))
            let forced = try await power("reset", claimed, "--force", on: rig)
            #expect(forced.code == 0 && forced.lines.last == "1 device: 1 On")
            let other = try #require(["r1u01", "r1u02"].first { $0 != claimed })
            #expect(try await power("on", other, on: rig).code == 0)
            #expect(rig.poweredOn == [claimed, other])
            let history = try await rig.command("history", other)
            #expect(history.lines.last?.contains("power on by ") == true)
            #expect(history.lines.last?.hasSuffix("): done") == true)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("where inventory and plugin are not of one mind, nothing is switched")
    func disagreement() async throws {
        try await Rig.with(2) { rig in
            let daemon = try await rig.startUnclocked()
            let (first, second) = (rig.rack.bmcs[0].url, rig.rack.bmcs[1].url)
            let other = rig.home + "/other.yaml"
            try """
            defaults: {username: admin, password: pass}
            devices:
              - {name: r1u01, bmc: "\(second)"}
              - {name: server1, bmc: "\(first)"}
            """.write(toFile: other, atomically: true, encoding: .utf8)
            let outcome = try await power("on", "r1u01", "server1", "--inventory", other, on: rig)
            #expect(outcome.code == 1)
            #expect(outcome.text.contains("the running plugin has r1u01 at \(first)"))
            #expect(outcome.text.contains("the running plugin calls it r1u01"))
            #expect(rig.poweredOn.isEmpty)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a stopped plugin's claims still hold, and one that can't be asked is an error")
    func stopped() async throws {
        try await Rig.with(2) { rig in
            let inventory = rig.home + "/inventory.yaml"
            let first = try await rig.startUnclocked()
            let id = try await rig.provision()
            let claimed = Rig.device(of: id)
            try await rig.waitUntilPoweredOn([claimed])
            await first.end(with: SIGTERM)
            let refused = try await power("off", claimed, "--inventory", inventory, on: rig)
            #expect(refused.code == 1)
            #expect(refused.text.contains("not switched: it is claimed by \(id) of group g"))
            #expect(rig.poweredOn == [claimed])
            let status = try await power("status", claimed, "--inventory", inventory, on: rig)
            #expect(status.code == 0)

            // One that goes by another name has the state.
            let second = try await rig.start([
                "--interval", "1h", "--name", "metal", "--state",
                rig.home + "/state/rackpool.json",
            ])
            let locked = try await power("off", claimed, "--inventory", inventory, on: rig)
            #expect(locked.code == 1 && locked.text.contains("is in use by process"))
            #expect(rig.poweredOn == [claimed])
            await second.end(with: SIGTERM)

            // The same machine under another name, and under another spelling of its address.
            let url = rig.rack.bmcs.first { SimulatedRack.deviceName($0.index) == claimed }?.url
            let other = rig.home + "/other.yaml"
            try "devices: [{name: server1, bmc: '\(url ?? "")'}]".write(
                toFile: other, atomically: true, encoding: .utf8)
            let renamed = try await power("off", "server1", "--now", "--inventory", other, on: rig)
            #expect(renamed.code == 1)
            #expect(renamed.text.contains("claimed by \(id) of group g"))
            #expect(renamed.text.contains("(as \(claimed))"))
            #expect(rig.poweredOn == [claimed])

            let forced = try await power(
                "off", claimed, "--now", "--force", "--inventory", inventory, on: rig)
            #expect(forced.code == 0)
            #expect(rig.poweredOn.isEmpty)
        }
    }

    @Test("by force the claimed machine is switched, and no other that stands in its place")
    func exchanged() async throws {
        try await Rig.with(2) { rig in
            try rig.list { $0 == "r1u01" }
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            try await rig.waitUntilPoweredOn(["r1u01"])
            await daemon.end(with: SIGTERM)
            let stranger = rig.rack.bmcs[1].systems[0]
            stranger.power = .on
            let (old, new) = (rig.rack.bmcs[0].url, rig.rack.bmcs[1].url)
            let moved = rig.home + "/moved.yaml"
            try rig.rack.inventoryYAML().split(separator: "\n")
                .filter { !$0.contains("name: r1u02") }.joined(separator: "\n")
                .replacingOccurrences(of: old, with: new)
                .write(toFile: moved, atomically: true, encoding: .utf8)
            let state = rig.home + "/state/rackpool.json"
            for place in [[], ["--name", "metal", "--state", state]] {
                let off = try await rig.command(
                    ["power", "off", "r1u01", "--now", "--force", "--inventory", moved] + place)
                #expect(off.code == 1)
                #expect(off.text.contains("not switched: another machine stands here"))
            }
            #expect(stranger.power == .on && stranger.resets.isEmpty)
            #expect(rig.poweredOn == ["r1u01", "r1u02"])

            // The claim says of its address that another machine stood there.
            let text = try String(contentsOfFile: state, encoding: .utf8)
            #expect(text.contains(id) && text.contains(#""UUID":"#))
            try text.replacing(/"(UUID|SerialNumber|ServiceTag)":"[^"]*"/) { match in
                "\"\(match.1)\":\"99999999-0000-4000-8000-00000000abcd\""
            }.write(toFile: state, atomically: true, encoding: .utf8)
            let off = try await power(
                "off", "r1u01", "--now", "--force", "--inventory", rig.home + "/inventory.yaml",
                on: rig)
            #expect(off.code == 1)
            #expect(off.text.contains("not switched: another machine stands here"))
            #expect(rig.poweredOn == ["r1u01", "r1u02"])
        }
    }

    @Test("a claimed machine that stands at another device's address is not switched as that one")
    func carriedAway() async throws {
        try await Rig.with(2) { rig in
            try rig.list { $0 == "r1u01" }
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            try await rig.waitUntilPoweredOn(["r1u01"])
            await daemon.end(with: SIGTERM)
            let state = try String(
                contentsOfFile: rig.home + "/state/rackpool.json", encoding: .utf8)
            let serial = try #require(state.firstMatch(of: /"SerialNumber":"([^"]*)"/))
            let uuid = try #require(state.firstMatch(of: /"UUID":"([^"]*)"/))
            rig.rack.bmcs[1].exchange(serialNumber: String(serial.1), uuid: String(uuid.1))
            rig.rack.bmcs[1].systems[0].power = .on
            try rig.list { _ in true }
            let off = try await power(
                "off", "r1u02", "--now", "--inventory", rig.home + "/inventory.yaml", on: rig)
            #expect(off.code == 1)
            #expect(off.text.contains("claimed by \(id)"))
            #expect(off.text.contains("as r1u01, whose machine stands here"))
            #expect(rig.poweredOn == ["r1u01", "r1u02"])
        }
    }

    @Test("what was refused is not logged as if it had been done")
    func refusedInLog() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            _ = try await power("off", "r1u01", on: rig)
            try await daemon.wait(for: "not done: power off by ")
            #expect(daemon.output.contains("is claimed by \(id)"))
            #expect(!daemon.output.contains("r1u01: power off by "))
            #expect(try await power("reset", "r1u01", "--force", on: rig).code == 0)
            try await daemon.wait(for: "r1u01: reset --force by ")
            await daemon.end(with: SIGTERM)
        }
    }
}
