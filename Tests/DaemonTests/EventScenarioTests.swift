import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// A daemon that listens to its BMCs' events (`--events`).
@Suite(.timeLimit(.minutes(5))) struct EventScenarioTests {
    /// Runs a body with a daemon that looks once an hour and listens, and the BMC of its one
    /// instance, to which it listens already.
    private func withListener(
        dialects: Set<Dialect> = [],
        _ body: (_ rig: Rig, _ daemon: ChildProcess, _ id: String, SimulatedBMC) async throws ->
            Void
    ) async throws {
        try await Rig.with(4, dialects: dialects) { rig in
            let daemon = try await rig.start([
                "--interval", "1h", "--events", "--look-distance", "0s",
            ])
            try await rig.sync()
            let id = try await rig.provision()
            let bmc = try rig.bmc(of: id)
            // The power's own events may have broken the stream before.
            try await bmc.waitForEventStreams(1)
            try await body(rig, daemon, id, bmc)
        }
    }

    /// Waits until something holds that the daemon brings about by itself.
    private func wait(
        until condition: () async throws -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            if try await condition() { return }
            await Task.yield()
        }
        Issue.record("not so after two minutes", sourceLocation: sourceLocation)
    }

    @Test("with an hour's interval, a device that reports a fault moves all the same")
    func moves() async throws {
        try await withListener { rig, daemon, first, bmc in
            let second = try await rig.provision()
            bmc.systems[0].setHealth(.critical, reason: "fan 3 lost")
            try await daemon.wait(for: "\(first): non-functional: System: Critical: fan 3 lost")
            #expect(try await rig.described() == [second])
            // The stream goes with the daemon.
            await daemon.end(with: SIGTERM)
            try await wait { bmc.statistics.openConnections == 0 }
        }
    }

    @Test("so it does where every stream breaks after one event")
    func movesInSpiteOfDrops() async throws {
        try await withListener(dialects: [.eventsDrop]) { _, daemon, id, bmc in
            bmc.systems[0].setHealth(.warning)
            try await bmc.waitForEventStreams(1)
            bmc.systems[0].setHealth(.critical, reason: "fan 3 lost")
            try await daemon.wait(for: "\(id): non-functional: System: Critical: fan 3 lost")
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("one that is found off is powered on again at once")
    func restarts() async throws {
        try await withListener { rig, daemon, id, bmc in
            bmc.systems[0].power = .off
            try await daemon.wait(for: "was found off; powering on, attempt 1")
            try await bmc.systems[0].waitForPower(.on)
            #expect(try await rig.described() == [id])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("nonsense in a stream moves nothing, and the stream is of use after it")
    func nonsense() async throws {
        try await withListener { rig, daemon, id, bmc in
            bmc.emit(raw: Array("data: nonsense\n\ndata: {\"Events\": 7}\r\n\r\n".utf8))
            for _ in 0..<100 {
                bmc.emit(raw: Array(("data: " + String(repeating: "x", count: 50_000)).utf8))
            }
            bmc.emit(raw: Array("\n\n".utf8))
            #expect(try await rig.described() == [id])
            bmc.systems[0].setHealth(.critical, reason: "fan 3 lost")
            try await daemon.wait(for: "\(id): non-functional: System: Critical: fan 3 lost")
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("BMCs without events work as ever", arguments: [[Dialect.noEvents], [.fewSessions]])
    func without(_ dialects: [Dialect]) async throws {
        try await Rig.with(4, dialects: Set(dialects)) { rig in
            let daemon = try await rig.start([
                "--interval", "1h", "--look-distance", "0s", "--events",
            ])
            try await rig.sync()
            let id = try await rig.provision()
            try rig.bmc(of: id).systems[0].setHealth(.critical)
            try await rig.sync(2)
            #expect(try await rig.described() == [])
            await daemon.end(with: SIGTERM)
        }
    }

    @Test("without --events nobody listens, and nothing is looked at before its time")
    func optIn() async throws {
        try await Rig.with(4) { rig in
            let daemon = try await rig.startedAndSynchronised()
            let id = try await rig.provision()
            let bmc = try rig.bmc(of: id)
            bmc.systems[0].setHealth(.critical)
            #expect(rig.rack.bmcs.allSatisfy { $0.eventStreamCount == 0 })
            #expect(!bmc.requests.contains { $0.path.contains("EventService") })
            #expect(try await rig.described() == [id])
            await daemon.end(with: SIGTERM)
        }
    }
}
