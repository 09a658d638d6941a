import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// What the network between the daemon and a BMC does to a provision or a destroy: in the end one
/// device is claimed and runs, and was started once.
@Suite(.timeLimit(.minutes(5))) struct FaultyNetworkTests {
    static let protocols: [RackProtocols] = [.redfish, .ipmi]

    /// Makes rounds until the instance's device, and no other, runs and is claimed.
    private func settle(_ rig: Rig, on instances: [String]) async throws {
        let devices = Set(instances.map(Rig.device))
        try await rig.sync(until: {
            try await Set(rig.described()) == Set(instances) && rig.poweredOn == devices
        })
        let holders = try await rig.report()["Devices"]?.array?.compactMap {
            $0["Instance"]?.string
        }
        #expect((holders ?? []).sorted() == instances.sorted())
    }

    /// How often devices were powered on, all in all.
    private func starts(_ rig: Rig) -> Int {
        rig.rack.bmcs.flatMap(\.systems).flatMap(\.resets).count { $0 == "On" }
    }

    // MARK: Carried out or not?

    @Test(
        "a power-on whose answer is lost is found out, and not done twice",
        arguments: protocols, [LostCommand.Sight.reset, .restart])
    func lostAnswer(_ protocols: RackProtocols, _ sight: LostCommand.Sight) async throws {
        try await Rig.with(2, protocols: protocols) { rig in
            let daemon = try await rig.startUnclocked()
            let lost = LostCommand(.answer, seenAs: sight, at: rig.rack.bmcs[0])
            let id = try await rig.provision()
            await lost.arrival()
            #expect(Rig.device(of: id) == "r1u01")
            try await settle(rig, on: [id])
            #expect(starts(rig) == 1)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test(
        "a power-on that is lost leaves one device claimed and running, be it that one or another",
        arguments: protocols, [LostCommand.Sight.reset, .restart])
    func lostCommand(_ protocols: RackProtocols, _ sight: LostCommand.Sight) async throws {
        try await Rig.with(2, protocols: protocols) { rig in
            let daemon = try await rig.startUnclocked()
            let lost = LostCommand(.command, seenAs: sight, at: rig.rack.bmcs[0])
            let id = try await rig.provision()
            await lost.arrival()
            try await settle(rig, on: [id])
            #expect(starts(rig) == 1)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test(
        "a power-off that is lost, or whose answer is, ends with the device off and free",
        arguments: protocols, LostCommand.Loss.allCases)
    func lostPowerOff(_ protocols: RackProtocols, _ loss: LostCommand.Loss) async throws {
        try await Rig.with(1, protocols: protocols) { rig in
            let daemon = try await rig.startUnclocked()
            let id = try await rig.provision(["Grace": "0s"])
            try await settle(rig, on: [id])
            let lost = LostCommand(loss, seenAs: .reset, at: rig.rack.bmcs[0])
            do {
                try await rig.destroy(id)
            } catch {
                // Nobody knew whether it was off. The instance stays until somebody does, and is
                // asked for again.
                #expect(loss == .command)
                try await rig.destroy(id)
            }
            await lost.arrival()
            try await settle(rig, on: [])
            let next = try await rig.provision()
            #expect(next != id)
            try await settle(rig, on: [next])
            #expect(rig.rack.bmcs[0].systems[0].resets == ["On", "ForceOff", "On"])
            await daemon.end(with: SIGTERM)
        }
    }

    // MARK: No answer

    @Test(
        "a connection that goes silent at the power command holds up no caller and starts one device",
        arguments: LostCommand.Loss.allCases)
    func halfOpen(_ loss: LostCommand.Loss) async throws {
        try await Rig.with(2) { rig in
            let daemon = try await rig.startUnclocked()
            let lost = LostCommand(loss, seenAs: .silence, at: rig.rack.bmcs[0])
            // Answered before InfraKit gives up, although the BMC has not.
            let id = try await rig.provision()
            await lost.arrival()
            #expect(Rig.device(of: id) == "r1u01")
            #expect(try await rig.described() == [id])
            let other = try await rig.provision()
            #expect(Rig.device(of: other) == "r1u02")
            try await settle(rig, on: [id, other])
            #expect(rig.rack.bmcs.map { $0.systems[0].resets } == [["On"], ["On"]])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test(
        "a BMC that accepts and never answers keeps its instance, and is started when it wakes up",
        arguments: protocols)
    func deaf(_ protocols: RackProtocols) async throws {
        try await Rig.with(2, protocols: protocols) { rig in
            let daemon = try await rig.startUnclocked()
            rig.rack.bmcs[0].hang()
            let id = try await rig.provision()
            #expect(Rig.device(of: id) == "r1u01")
            #expect(try await rig.described() == [id])
            let other = try await rig.provision()
            #expect(Rig.device(of: other) == "r1u02")
            rig.rack.bmcs[0].resume()
            try await settle(rig, on: [id, other])
            #expect(rig.rack.bmcs.map { $0.systems[0].resets } == [["On"], ["On"]])
            await daemon.end(with: SIGTERM)
        }
    }

    // MARK: Slow, lossy, restarted

    @Test(
        "a BMC that restarted between two calls is spoken to anew, unnoticed", arguments: protocols)
    func restarted(_ protocols: RackProtocols) async throws {
        try await Rig.with(1, protocols: protocols) { rig in
            let daemon = try await rig.startUnclocked()
            let bmc = rig.rack.bmcs[0]
            func restart() async throws {
                await bmc.unplug()
                bmc.endSessions()
                try await bmc.plugIn()
            }
            try await restart()
            let id = try await rig.provision(["Grace": "0s"])
            try await settle(rig, on: [id])
            try await restart()
            try await rig.destroy(id)
            try await settle(rig, on: [])
            #expect(bmc.systems[0].resets == ["On", "ForceOff"])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("over a network that delays every request and answer, each device is started once")
    func delayed() async throws {
        try await Rig.with(4) { rig in
            let daemon = try await rig.startUnclocked()
            rig.rack.onRequest { _, _ in .delay(.milliseconds(150)) }
            try await startAndStopAll(rig)
            #expect(rig.rack.bmcs.allSatisfy { $0.statistics.mostRequestsInFlight == 1 })
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("over a network that loses, doubles, reorders and delays, each device is started once")
    func lossy() async throws {
        let impairment = Impairment(
            loss: 0.1, duplication: 0.1, reordering: 0.1, delay: .milliseconds(10), seed: 6)
        try await Rig.with(4, protocols: .ipmi, impairment: impairment) { rig in
            let daemon = try await rig.startUnclocked()
            try await startAndStopAll(rig)
            await daemon.end(with: SIGTERM)
        }
    }

    private func startAndStopAll(_ rig: Rig) async throws {
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in rig.rack.bmcs {
                group.addTask { try await rig.provision(["Grace": "0s"]) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(ids.map(Rig.device)).count == rig.rack.bmcs.count)
        try await settle(rig, on: ids)
        for id in ids { try await rig.destroy(id) }
        try await settle(rig, on: [])
        #expect(rig.rack.bmcs.allSatisfy { $0.systems[0].resets == ["On", "ForceOff"] })
    }
}
