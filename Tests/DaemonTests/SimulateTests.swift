import Core
import Foundation
import InfraKit
import Processes
import Simulator
import Testing

@testable import rackpool

@Suite("A simulated rack under somebody's hand", .timeLimit(.minutes(5)))
struct SimulateTests {
    /// Runs a body with a simulator of three servers, of which the first is ill, and a daemon's home.
    private func withSimulator(
        _ arguments: [String] = [], _ body: (Rig, String) async throws -> Void
    ) async throws {
        try await Rig.with(0) { rig in
            let simulator = try rig.spawn(
                ["simulate", "--count", "3", "--out", rig.home + "/rack"] + arguments)
            try await simulator.wait(for: "change a server with")
            try await body(rig, simulator.output)
            await simulator.end()
        }
    }

    /// Runs a command to its end, and returns what it wrote.
    private func output(_ rig: Rig, _ arguments: [String]) async throws -> String {
        let child = try rig.spawn(["simulate", "set"] + arguments)
        await child.waitForEnd()
        return child.output
    }

    @Test("shows how a claimed server that falls ill is replaced, and comes back")
    func replacement() async throws {
        try await withSimulator(["--ill", "1"]) { rig, output in
            #expect(output.contains("r1u01: health critical (PSU 2: input lost)"))
            let daemon = try rig.spawn(
                ["--inventory", rig.home + "/rack/inventory.yaml", "--interval", "1s"] + Rig.times)
            try await daemon.wait(for: "serving")
            _ = try await rig.client.call("Rackpool.Sync")
            let id = try await rig.provisionPatiently()
            let device = String(id.drop { $0 != "-" }.dropFirst())
            #expect(device != "r1u01", "it was ill from the start")
            let told = try await self.output(
                rig, [device, "--health", "critical", "--reason", "fan 2 lost"])
            #expect(told == "\(device): health critical (fan 2 lost)\n")
            try await daemon.wait(for: "fan 2 lost")
            try await rig.client.waitUntilGone([id])
            _ = try await self.output(rig, [device, "--health", "ok"])
            while try await rig.described() != [id] { try Task.checkCancellation() }
            await daemon.end()
        }
    }

    @Test("is told so over a socket that is its owner's alone")
    func socket() async throws {
        try await withSimulator { rig, _ in
            let path = rig.home + "/plugins/simulator"
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(attributes[.type] as? FileAttributeType == .typeSocket)
        }
    }

    @Test("says what to do where a command can't be carried out")
    func advice() async throws {
        try await withSimulator(["--name", "other"]) { rig, output in
            #expect(output.contains("simulate set r1u01 --health critical --name other"))
            let cases: [([String], String)] = [
                (["r1u01", "--power", "off"], "is rackpool simulate running? Is --name right?"),
                (["r1u13", "--power", "off", "--name", "other"], "did you mean r1u03?"),
                (["r1u01", "--name", "other"], "Say what to change: --health"),
                (["r1u01", "--reason", "x", "--health", "ok"], "--health warning or critical"),
                (["r1u01", "--health", "bad"], "critical"),
                (["r1u01", "--dialect", "busi"], "busy"),
            ]
            for (arguments, advice) in cases {
                let text = try await self.output(rig, arguments)
                #expect(text.contains(advice), "\(text)")
            }
            let child = try rig.spawn(["simulate", "--count", "1"])
            await child.waitForEnd()
            #expect(child.output.contains("rackpool simulate --out /tmp/rack"))
        }
    }

    @Test("takes another of its name for none of its business")
    func twice() async throws {
        try await withSimulator { rig, _ in
            let second = try rig.spawn(
                ["simulate", "--count", "1", "--out", rig.home + "/second", "--ill", "1"])
            try await second.wait(for: "r1u01: health critical")
            #expect(second.output.contains("won't reach this simulator: simulator is already"))
            await second.end()
            #expect(try await output(rig, ["r1u03", "--power", "on"]) == "r1u03: power on\n")
        }
    }

    // MARK: In this process

    @Test("changes what was asked for and nothing else; names that are none change nothing")
    func changes() async throws {
        var configuration = RackConfiguration(count: 2)
        configuration.initialPower = .off
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        let control = RackControl(rack: rack)
        let (first, second) = (rack.bmcs[0], rack.bmcs[1])

        #expect(
            try await control.apply(ServerChange(power: .on), to: ["r1u02"]) == ["r1u02: power on"])
        #expect(second.systems[0].power == .on)
        #expect(second.systems[0].bootsFrom.isEmpty)
        #expect(first.systems[0].power == .off)

        let dialects = ServerChange(dialects: [.busy, .slow])
        #expect(
            try await control.apply(dialects, to: ["r1u01"]) == ["r1u01: dialects busy, slow"])
        #expect(first.dialects == [.busy, .slow])
        #expect(second.dialects.isEmpty)
        _ = try await control.apply(ServerChange(dialects: []), to: ["r1u01"])
        #expect(first.dialects.isEmpty)

        await #expect(throws: DeviceError.unknown("r1u03", nearest: "r1u01")) {
            try await control.apply(ServerChange(power: .off), to: ["r1u02", "r1u03"])
        }
        #expect(second.systems[0].power == .on)
        await rack.shutdown()
    }

    @Test("cuts a BMC off and lets it back, at the same address")
    func reachability() async throws {
        try await Rig.with(2) { rig in
            let control = RackControl(rack: rig.rack)
            let hardware = Hardware(devices: rig.rack.devices(), http: rig.http)
            _ = try await control.apply(ServerChange(isReachable: false), to: ["r1u01"])
            await #expect(throws: (any Error).self) { try await hardware.poweredOn() }
            _ = try await control.apply(
                ServerChange(power: .on, isReachable: true), to: ["r1u01"])
            #expect(try await hardware.poweredOn() == ["r1u01"])
            await hardware.shutdown()
        }
    }

    @Test(
        "is asked for changes as they were meant",
        arguments: [
            ServerChange(health: .warning, reason: "fan 2"), ServerChange(power: .off),
            ServerChange(isReachable: false), ServerChange(dialects: []),
            ServerChange(health: .ok, power: .on, isReachable: true, dialects: [.slow]),
        ])
    func coding(_ change: ServerChange) throws {
        #expect(try ServerChange(.object(change.json)) == change)
    }

    @Test("refuses what there is not, and names the nearest")
    func refusals() {
        for (params, text) in [
            (["Health": "criticl"], "there is no health criticl; did you mean critical?"),
            (["Power": "Onn"], "there is no power Onn; did you mean On?"),
            (["Dialects": ["busi"]], "there is no dialect busi; did you mean busy?"),
        ] as [(JSON, String)] {
            let error = #expect(throws: CommandError.self) { try ServerChange(params) }
            #expect(error?.description == text)
        }
    }
}
