import InfraKit
import Processes
import Core
import Foundation
import Simulator
import Testing

@testable import rackpool

/// What must not move: many that fall silent at once, and BMCs that behave oddly.
@Suite(.timeLimit(.minutes(5))) struct NetworkScenarioTests {
    private func claimAll(_ rig: Rig, _ count: Int) async throws -> [String] {
        let controller = GroupController(.size(count), client: rig.client)
        #expect(try await controller.tick().refusals.isEmpty)
        return try await rig.described()
    }

    // MARK: The freeze

    @Test("40 of 100 BMCs vanish in one round: nothing moves; they come back: it ends by itself")
    func freezes() async throws {
        try await Rig.with(100) { rig in
            let daemon = try await rig.startUnclocked()
            let described = try await claimAll(rig, 100)
            #expect(try await rig.report()["Frozen"] == .null)
            for bmc in rig.rack.bmcs[..<40] { await bmc.unplug() }
            for _ in 0..<5 {
                let round = try await rig.sync()
                #expect(round["Seen"] == 60 && round["Failed"] == 40)
                #expect(round["Actions"] == [])
                #expect(try await rig.report()["Frozen"] == ["Failing": 40, "Watched": 100])
            }
            try await daemon.wait(for: "WARNING  frozen: 40 of 100 watched BMCs failed")
            #expect(try await rig.described() == described)

            for bmc in rig.rack.bmcs[..<40] { try await bmc.plugIn() }
            try await rig.sync()
            try await daemon.wait(for: "the freeze has ended")
            #expect(try await rig.report()["Frozen"] == .null)
            try await rig.sync(3)
            #expect(try await rig.described() == described)
            try await rig.waitUntilPoweredOn(Set(described.map(Rig.device)))
            #expect(rig.rack.bmcs.allSatisfy { $0.systems[0].resets == ["On"] })
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("40 of 100 BMCs vanish for good, and the operator says so: they move in the next round")
    func unfreezes() async throws {
        try await Rig.with(100) { rig in
            let daemon = try await rig.startUnclocked()
            let described = try await claimAll(rig, 100)
            for bmc in rig.rack.bmcs[..<40] { await bmc.unplug() }
            try await rig.sync(4)
            #expect(try await rig.described() == described)
            let outcome = try await rig.command("unfreeze")
            #expect(outcome.code == 0 && outcome.text.hasPrefix("the freeze has ended"))
            try await rig.sync()
            let lost = Set(rig.rack.bmcs[..<40].map { SimulatedRack.deviceName($0.index) })
            #expect(
                try await rig.described()
                    == described.filter { !lost.contains(Rig.device(of: $0)) })
            let again = try await rig.command("unfreeze")
            #expect(again.code == 0 && again.text == "nothing was frozen\n")
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a provision during a freeze avoids the devices in doubt")
    func provisionsWhileFrozen() async throws {
        try await Rig.with(10) { rig in
            let daemon = try await rig.startUnclocked()
            for bmc in rig.rack.bmcs[..<5] { await bmc.unplug() }
            try await rig.sync()
            #expect(try await rig.report()["Frozen"] == ["Failing": 5, "Watched": 10])
            let unplugged = rig.rack.bmcs[..<5].map(\.statistics.requests)
            let controller = GroupController(.size(6), client: rig.client)
            let tick = try await controller.tick()
            #expect(
                Set(tick.provisioned.map(Rig.device)) == [
                    "r1u06", "r1u07", "r1u08", "r1u09", "r1u10",
                ])
            #expect(
                tick.refusals == ["no device to claim: 10 devices: 5 claimed, 5 in bad health"])
            #expect(rig.rack.bmcs[..<5].map(\.statistics.requests) == unplugged)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("one of 100 BMCs vanishes: it moves after exactly three looks")
    func oneVanishes() async throws {
        try await Rig.with(100) { rig in
            let daemon = try await rig.startUnclocked()
            let described = try await claimAll(rig, 100)
            await rig.rack.bmcs[41].unplug()
            try await rig.sync(2)
            #expect(try await rig.described() == described)
            let round = try await rig.sync()
            #expect(round["Actions"]?.array?.count == 1)
            #expect(
                try await rig.described()
                    == described.filter { Rig.device(of: $0) != "r3u02" })
            #expect(try await rig.report()["Frozen"] == .null)
            await daemon.end(with: SIGTERM)
        }
    }

    // MARK: Odd BMCs

    @Test("a BMC that does not come to an answer holds up no other device's round, nor moves")
    func slow() async throws {
        try await Rig.with(4) { rig in
            let daemon = try await rig.start(["--interval", "200ms"])
            let described = try await claimAll(rig, 3)
            let (slow, sick) = (try rig.bmc(of: described[0]), try rig.bmc(of: described[1]))
            let gate = slow.hold()
            try await rig.sync(until: { !gate.requests.isEmpty })
            // Two rounds' worth of another device's fate are decided while the one look waits.
            await Fault.critical.strike(sick)
            try await daemon.wait(for: "\(described[1]): non-functional")
            try await Fault.critical.mend(sick)
            try await daemon.wait(for: "\(described[1]): recovered")
            #expect(gate.requests.count == 1)
            #expect(slow.statistics.mostRequestsInFlight == 1)
            #expect(Set(try await rig.described()) == Set(described))
            gate.open()
            try await rig.sync(3)
            #expect(Set(try await rig.described()) == Set(described))
            #expect(try await rig.status(of: Rig.device(of: described[0]))["Health"] == "ok")
            #expect(slow.systems[0].resets == ["On"])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a BMC that takes many times the interval for every answer moves nothing")
    func alwaysSlow() async throws {
        try await Rig.with(4) { rig in
            let daemon = try await rig.start(["--interval", "50ms"])
            let described = try await claimAll(rig, 3)
            let slow = try rig.bmc(of: described[0])
            slow.onRequest { _, moment in
                if case .arrived = moment { .delay(.seconds(1)) } else { .proceed }
            }
            let before = slow.statistics.requests
            try await rig.sync(until: { slow.statistics.requests >= before + 4 })
            #expect(try await rig.described() == described)
            #expect(slow.statistics.mostRequestsInFlight == 1)
            #expect(try await rig.status(of: Rig.device(of: described[0]))["Health"] == "ok")
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a BMC that answers garbage moves after its three looks, and nothing else does")
    func garbage() async throws {
        try await Rig.with(4) { rig in
            let daemon = try await rig.startUnclocked()
            let described = try await claimAll(rig, 3)
            try rig.bmc(of: described[1]).onRequest { _, _ in
                .garbage(Array("\u{1}\u{2}SSH-2.0-dropbear\r\n".utf8))
            }
            try await rig.sync(2)
            #expect(try await rig.described() == described)
            try await rig.sync(5)
            #expect(try await rig.described() == [described[0], described[2]])
            #expect(try await rig.report()["Frozen"] == .null)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a BMC that answers HTTP with senseless bodies moves nothing but its own device")
    func senseless() async throws {
        try await Rig.with(4) { rig in
            let daemon = try await rig.startUnclocked()
            let described = try await claimAll(rig, 3)
            try rig.bmc(of: described[1]).onRequest { _, _ in
                .answer(SimulatedAnswer(status: 200, body: Array("<html>{[\u{0}".utf8)))
            }
            try await rig.sync(7)
            #expect(try await rig.described() == [described[0], described[2]])
            let reasons = try await rig.status(of: Rig.device(of: described[1]))["Reasons"]
            #expect(reasons?[0]?.string?.contains("looks in a row failed") == true)
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("a device that is good and bad by turns never moves", arguments: Fault.allCases)
    func alternating(_ fault: Fault) async throws {
        try await Rig.with(4) { rig in
            let daemon = try await rig.startUnclocked()
            let described = try await claimAll(rig, 3)
            let bmc = try rig.bmc(of: described[1])
            for _ in 0..<6 {
                await fault.strike(bmc)
                #expect(try await rig.sync()["Actions"] == [])
                try await fault.mend(bmc)
                #expect(try await rig.sync()["Actions"] == [])
                #expect(try await rig.described() == described)
            }
            await daemon.end(with: SIGTERM)
        }
    }
}
