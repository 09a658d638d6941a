import InfraKit
import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// SIGHUP: the inventory is read again while instances run.
@Suite(.timeLimit(.minutes(5))) struct InventoryOperatorTests {
    @Test("a device that is new in the inventory can be claimed")
    func added() async throws {
        try await Rig.with(3) { rig in
            try rig.list { $0 != "r1u03" }
            let daemon = try await rig.startUnclocked()
            let controller = GroupController(.size(3), client: rig.client)
            #expect(
                try await controller.tick().refusals == [
                    "no device to claim: 2 devices: 2 claimed"
                ])
            try rig.list { _ in true }
            try rig.hangUp()
            try await daemon.wait(for: "inventory.yaml read again: 3 devices")
            #expect(try await controller.tick().provisioned.map(Rig.device) == ["r1u03"])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a device that is dropped while claimed stays until it is destroyed, and is watched")
    func dropped() async throws {
        try await Rig.with(3) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            #expect(id.hasSuffix("-r1u01"))
            try rig.list { $0 == "r1u03" }
            try rig.hangUp()
            try await daemon.wait(for: "inventory.yaml read again: 1 devices")
            #expect(try await rig.described() == [id])
            rig.rack.bmcs[0].systems[0].power = .off
            try await rig.sync()
            try await rig.rack.bmcs[0].systems[0].waitForPower(.on)
            // A look says nothing while its instance is still being restarted.
            while try await rig.sync()["Seen"] != 2 { try Task.checkCancellation() }
            try await rig.destroy(id)
            #expect(rig.poweredOn.isEmpty)
            #expect(try await rig.command("devices", "--json", "r1u01").code == 1)
            #expect(try await rig.provision().hasSuffix("-r1u03"))
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a claimed device whose BMC has a new address keeps its claim and is looked at there")
    func moved() async throws {
        try await Rig.with(1) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            let old = rig.rack.bmcs[0].url
            let host = try #require(URL(string: old)?.host)
            // The same BMC, by an address that nobody takes for the old one without asking it.
            let new = old.replacingOccurrences(of: host, with: "[::ffff:\(host)]")
            try rig.list({ _ in true }, moving: [old: new])
            try rig.hangUp()
            try await daemon.wait(for: "r1u01: moved: from \(old) to ")
            try await daemon.wait(for: "inventory.yaml read again: 1 devices")
            try await rig.sync(4)
            #expect(try await rig.described() == [id])
            #expect(try await rig.status(of: "r1u01")["BMC"]?.string?.contains("::ffff:") == true)
            #expect(try await rig.status(of: "r1u01")["Health"] == "ok")
            try await rig.destroy(id)
            #expect(rig.poweredOn.isEmpty)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("where another machine stands now, nothing is done to it, and the instance is replaced")
    func exchanged() async throws {
        try await Rig.with(2) { rig in
            try rig.list { $0 == "r1u01" }
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision()
            let (old, new) = (rig.rack.bmcs[0], rig.rack.bmcs[1])
            new.systems[0].power = .on
            await old.unplug()
            try rig.list({ $0 == "r1u01" }, moving: [old.url: new.url])
            try rig.hangUp()
            try await daemon.wait(for: "inventory.yaml read again: 1 devices")
            try await rig.sync(4)
            #expect(try await rig.described().isEmpty)
            let status = try await rig.status(of: "r1u01")
            #expect(status["Pool"] == "nonFunctional" && status["Instance"] == .string(id))
            #expect(
                status["Reasons"]?[0]?.string?.hasPrefix("another machine stands here") == true)
            try? await rig.beginToDestroy(id)
            try await rig.sync(2)
            #expect(new.systems[0].power == .on && new.systems[0].resets.isEmpty)
            let forgotten = try await rig.command("forget", id, "--lost")
            #expect(forgotten.code == 0)
            #expect(try await rig.status(of: "r1u01")["Instance"] == .null)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a bad inventory is refused with its mistakes in the log, and the old one stays")
    func bad() async throws {
        try await Rig.with(2) { rig in
            let daemon = try await rig.startUnclocked()
            let path = rig.home + "/inventory.yaml"
            try "devices:\n  - {nmae: b, bmc: 'https://192.0.2.1'}\n"
                .write(toFile: path, atomically: true, encoding: .utf8)
            try rig.hangUp()
            try await daemon.wait(for: "the inventory is refused, the old one stays")
            try await daemon.wait(for: "inventory.yaml:2: devices[0]")
            try await daemon.wait(for: "did you mean \"name\"?")
            #expect(try await rig.report()["Devices"]?.array?.count == 2)
            #expect(try await rig.provision().hasSuffix("-r1u01"))
            try rig.list { _ in true }
            try rig.hangUp()
            try await daemon.wait(for: "inventory.yaml read again: 2 devices")
            await daemon.end(with: SIGTERM)
        }
    }
}
