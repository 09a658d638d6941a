import InfraKit
import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// Groups of logical IDs: the group controller keeps duplicates for ever, so there must be none.
@Suite(.timeLimit(.minutes(5))) struct LogicalIDScenarioTests {
    private static let names = ["db1", "db2", "db3"]

    private struct Group {
        let controller: GroupController
        /// The instance that is to fail.
        let failed: String
        let bmc: SimulatedBMC
        let daemon: ChildProcess
    }

    private func begin(_ rig: Rig, _ arguments: [String] = []) async throws -> Group {
        let daemon = try await rig.startUnclocked(arguments)
        let controller = GroupController(.logicalIDs(Self.names), client: rig.client)
        #expect(try await controller.tick().provisioned.count == 3)
        #expect(try await controller.tick().isQuiet)
        let failed = try #require(try await rig.carriers()["db2"])
        return Group(
            controller: controller, failed: failed, bmc: try rig.bmc(of: failed), daemon: daemon)
    }

    @Test("a sick device is off before it stops being described; its logical ID moves, once")
    func fenced() async throws {
        try await Rig.with(5) { rig in
            let group = try await begin(rig)
            let system = group.bmc.systems[0]
            let powerOff = group.bmc.hold(where: {
                String(decoding: $0.body, as: UTF8.self).contains("ForceOff")
            })
            await Fault.critical.strike(group.bmc)
            try await rig.sync(2)
            try await rig.sync(until: { !powerOff.requests.isEmpty })
            #expect(try await rig.described().contains(group.failed))
            #expect(try await group.controller.tick().isQuiet)

            powerOff.open()
            try await rig.sync(until: { try await !rig.described().contains(group.failed) })
            #expect(system.power == .off)
            let added = try await group.controller.tick().provisioned
            #expect(added.count == 1)
            #expect(try await rig.carriers()["db2"] == added.first)
            #expect(added.map(Rig.device) != [Rig.device(of: group.failed)])

            try await Fault.critical.mend(group.bmc)
            try await rig.sync(2)
            try await group.daemon.wait(for: "but its logical ID lives in \(added[0])")
            let device = Rig.device(of: group.failed)
            try await rig.sync(until: { try await rig.status(of: device)["Pool"] == "available" })
            #expect(try await rig.described().count == 3)
            #expect(try await rig.carriers()["db2"] == added.first)
            #expect(system.power == .off)
            #expect(system.resets == ["On", "ForceOff"])
            #expect(try await group.controller.tick().isQuiet)
            await group.daemon.end(with: SIGTERM)
        }
    }

    @Test("a fenced device that recovers while its logical ID is free is powered on and returns")
    func returnsToItsOwn() async throws {
        try await Rig.with(3) { rig in
            let group = try await begin(rig)
            let system = group.bmc.systems[0]
            await Fault.critical.strike(group.bmc)
            try await rig.sync(until: { try await !rig.described().contains(group.failed) })
            #expect(system.power == .off)
            // Nothing is free, so the controller asks in vain.
            #expect(try await group.controller.tick().refusals.count == 1)
            try await Fault.critical.mend(group.bmc)
            try await rig.sync(2)
            try await system.waitForPower(.on)
            try await rig.sync(until: { try await rig.described().first == group.failed })
            #expect(try await rig.carriers().count == 3)
            #expect(try await group.controller.tick().isQuiet)
            await group.daemon.end(with: SIGTERM)
        }
    }

    @Test("one that can't be confirmed off stays described, and its logical ID stays where it is")
    func required() async throws {
        try await Rig.with(5) { rig in
            let group = try await begin(rig)
            await Fault.unplugged.strike(group.bmc)
            try await rig.sync(6)
            try await group.daemon.wait(for: ": fencing ")
            #expect(try await group.controller.tick().isQuiet)
            try await Fault.unplugged.mend(group.bmc)
            try await rig.sync(3)
            #expect(try await group.controller.tick().isQuiet)
            #expect(try await rig.carriers()["db2"] == group.failed)
            #expect(group.bmc.systems[0].resets == ["On"])
            await group.daemon.end(with: SIGTERM)
        }
    }

    @Test("with --fence best-effort its looks run out, and the old one is released on its return")
    func bestEffort() async throws {
        try await Rig.with(5) { rig in
            let group = try await begin(rig, ["--fence", "best-effort"])
            await Fault.unplugged.strike(group.bmc)
            try await rig.sync(2)
            #expect(try await rig.described().contains(group.failed))
            try await rig.sync()
            #expect(try await !rig.described().contains(group.failed))
            let added = try await group.controller.tick().provisioned
            #expect(added.count == 1)

            #expect(group.bmc.systems[0].power == .on)
            try await Fault.unplugged.mend(group.bmc)
            try await rig.sync(2)
            try await group.bmc.systems[0].waitForPower(.off)
            let device = Rig.device(of: group.failed)
            try await rig.sync(until: { try await rig.status(of: device)["Pool"] == "available" })
            #expect(try await rig.carriers()["db2"] == added.first)
            #expect(try await rig.described().count == 3)
            #expect(try await group.controller.tick().isQuiet)
            await group.daemon.end(with: SIGTERM)
        }
    }
}

extension Rig {
    /// The described instances by their logical IDs; one that two instances carry is a failure.
    func carriers() async throws -> [String: String] {
        let answer = try await client.call(
            "Instance.DescribeInstances", ["Type": "", "Tags": [:], "Properties": false])
        var carriers: [String: String] = [:]
        for entry in answer["Descriptions"]?.array ?? [] {
            let logicalID = try #require(entry["LogicalID"]?.string)
            #expect(carriers[logicalID] == nil, "\(logicalID) is carried twice")
            carriers[logicalID] = entry["ID"]?.string
        }
        return carriers
    }
}
