import InfraKit
import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// A scripted group controller and failing hardware, with the daemon between them.
@Suite(.timeLimit(.minutes(5))) struct ScenarioTests {
    @Test(
        "a failed device is replaced; it recovers, and the replacement goes",
        arguments: Fault.allCases, 0..<3)
    func oneFails(_ fault: Fault, _ place: Int) async throws {
        try await Rig.with(5) { rig in
            let (daemon, controller, original) = try await rig.startGroupOfThree()
            let before = try await rig.descriptions()
            let failed = original[place]
            let others = original.filter { $0 != failed }
            let bmc = try rig.bmc(of: failed)

            await fault.strike(bmc)
            try await rig.sync(fault.rounds - 1)
            #expect(try await rig.described() == original)
            try await rig.sync()
            #expect(try await rig.described() == others)
            #expect(
                try await rig.status(of: Rig.device(of: failed))["Pool"] == "nonFunctional")

            let replacing = try await controller.tick()
            let fourth = try #require(replacing.provisioned.first)
            #expect(replacing.provisioned == [fourth] && replacing.destroyed.isEmpty)
            #expect(try await rig.described() == others + [fourth])
            #expect(try await controller.tick().isQuiet)

            try await fault.mend(bmc)
            try await rig.sync()
            #expect(try await rig.described() == others + [fourth])
            try await rig.sync()
            #expect(try await rig.described() == [failed] + others + [fourth])

            let shrinking = try await controller.tick()
            #expect(shrinking.described.count == 4)
            #expect(shrinking.destroyed == [fourth] && shrinking.provisioned.isEmpty)
            #expect(try await rig.described() == [failed] + others)
            #expect(Set(try await rig.descriptions()) == Set(before))
            #expect(try await controller.tick().isQuiet)
            try await rig.waitUntilPoweredOn(Set(original.map(Rig.device)))
            await daemon.end(with: SIGTERM)
        }
    }

    @Test(
        "two failed devices are replaced; they recover one after the other, and both replacements go",
        arguments: Fault.allCases)
    func twoFail(_ fault: Fault) async throws {
        try await Rig.with(6) { rig in
            let (daemon, controller, original) = try await rig.startGroupOfThree()
            let bmcs = try original.map(rig.bmc)

            await fault.strike(bmcs[0])
            await fault.strike(bmcs[1])
            try await rig.sync(fault.rounds)
            #expect(try await rig.described() == [original[2]])
            let added = try await controller.tick().provisioned
            #expect(added.count == 2)

            try await fault.mend(bmcs[0])
            try await rig.sync(2)
            #expect(try await rig.described().prefix(2) == [original[0], original[2]])
            #expect(try await controller.tick().destroyed == [added.min()])
            try await fault.mend(bmcs[1])
            try await rig.sync(2)
            #expect(try await controller.tick().destroyed == [added.max()])
            #expect(try await rig.described() == [original[1], original[0], original[2]])
            #expect(try await controller.tick().isQuiet)
            try await rig.waitUntilPoweredOn(Set(original.map(Rig.device)))
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("two that recover in one round both return, and both replacements go")
    func twoRecoverAtOnce() async throws {
        try await Rig.with(6) { rig in
            let (daemon, controller, original) = try await rig.startGroupOfThree()
            let bmcs = try original.map(rig.bmc)
            for bmc in bmcs[1...] { await Fault.critical.strike(bmc) }
            try await rig.sync(2)
            let added = try await controller.tick().provisioned
            for bmc in bmcs[1...] { try await Fault.critical.mend(bmc) }
            try await rig.sync(2)
            #expect(try await rig.described().count == 5)
            #expect(try await controller.tick().destroyed == added.sorted())
            let left = try await rig.described()
            #expect(left.last == original[0])
            #expect(Set(left) == Set(original))
            #expect(try await controller.tick().isQuiet)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a device that fails during a rolling update delays it by nothing, then is given back")
    func rollingUpdate() async throws {
        try await Rig.with(6) { rig in
            let (daemon, controller, original) = try await rig.startGroupOfThree()
            let old = original.sorted()
            await controller.commit(["Grace": "2s"])
            #expect(try await controller.tick().destroyed == [old[0]])
            let first = try await controller.tick().provisioned

            let bmc = try rig.bmc(of: old[2])
            await Fault.critical.strike(bmc)
            try await rig.sync(2)
            #expect(Set(try await rig.described()) == Set([old[1]] + first))
            let second = try await controller.tick().provisioned
            #expect(try await controller.tick().destroyed == [old[1]])
            let third = try await controller.tick().provisioned
            let new = first + second + third
            #expect(new.count == 3)
            #expect(try await rig.described() == new)
            #expect(try await controller.tick().isQuiet)

            // It is well again, and made from an older configuration: its group does not want it.
            try await Fault.critical.mend(bmc)
            try await rig.sync(2)
            #expect(try await controller.tick().isQuiet)
            #expect(try await rig.described() == new)
            try await rig.waitUntilPoweredOn(Set(new.map(Rig.device)))
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a crash between failure and recovery changes nothing of the story")
    func restart() async throws {
        try await Rig.with(5) { rig in
            let (first, controller, original) = try await rig.startGroupOfThree()
            let bmc = try rig.bmc(of: original[1])
            await Fault.critical.strike(bmc)
            try await rig.sync(2)
            let added = try await controller.tick().provisioned
            await first.end(with: SIGKILL)

            let second = try await rig.startUnclocked()
            #expect(try await rig.described() == [original[0], original[2]] + added)
            #expect(try await controller.tick().isQuiet)
            try await Fault.critical.mend(bmc)
            try await rig.sync(2)
            await second.end(with: SIGKILL)

            let third = try await rig.startUnclocked()
            #expect(
                try await rig.described()
                    == [original[1], original[0], original[2]] + added)
            #expect(try await controller.tick().destroyed == added)
            try await rig.waitUntilPoweredOn(Set(original.map(Rig.device)))
            await third.end(with: SIGTERM)
        }
    }

    // MARK: Power

    @Test("a claimed device that was switched off by hand is powered on again, and stays")
    func drift() async throws {
        try await Rig.with(3) { rig in
            let daemon = try await rig.startUnclocked()
            let controller = GroupController(.size(2), client: rig.client)
            try await controller.tick()
            let described = try await rig.described()
            let system = try rig.bmc(of: described[1]).systems[0]
            system.power = .off
            try await rig.sync()
            try await system.waitForPower(.on)
            try await rig.sync(3)
            #expect(system.resets == ["On", "On"])
            #expect(try await rig.described() == described)
            #expect(try await controller.tick().isQuiet)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a free device that is found on is reported as foreign, and never touched")
    func foreign() async throws {
        try await Rig.with(2) { rig in
            let daemon = try await rig.startUnclocked()
            rig.rack.bmcs[0].systems[0].power = .on
            try await rig.sync(4)
            try await daemon.wait(
                for: "r1u01: free, and found running, though no instance lives on it")
            #expect(try await rig.status(of: "r1u01")["Foreign"] == true)
            #expect(try await rig.status(of: "r1u02")["Foreign"] == false)
            let controller = GroupController(.size(2), client: rig.client)
            let tick = try await controller.tick()
            #expect(tick.provisioned.map(Rig.device) == ["r1u02"])
            #expect(
                tick.refusals == [
                    "no device to claim: 2 devices: 1 claimed, 1 running something else (see PowerOff)"
                ])
            #expect(rig.rack.bmcs[0].systems[0].resets.isEmpty)
            let methods = Set(
                rig.rack.bmcs[0].requests.filter { $0.path.contains("/Systems") }.map(\.method))
            #expect(methods == ["GET"])
            await daemon.end(with: SIGTERM)
        }
    }
}

extension Rig {
    /// Starts a daemon, and a group controller that has its three instances; returns these too.
    fileprivate func startGroupOfThree() async throws -> (
        daemon: ChildProcess, controller: GroupController, instances: [String]
    ) {
        let daemon = try await startUnclocked()
        let controller = GroupController(.size(3), client: client)
        #expect(try await controller.tick().provisioned.count == 3)
        return (daemon, controller, try await described())
    }

    /// The described instances in full, as texts.
    func descriptions() async throws -> [String] {
        let answer = try await client.call(
            "Instance.DescribeInstances", ["Type": "", "Tags": [:], "Properties": true])
        return answer["Descriptions"]?.array?.map(\.description) ?? []
    }
}
