import InfraKit
import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

@Suite(.timeLimit(.minutes(5))) struct SessionTests {
    @Test("2,000 requests take one session a BMC, and after SIGTERM none is left")
    func oneEach() async throws {
        try await Rig.with(40) { rig in
            let daemon = try await rig.startedAndSynchronised()
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try await rig.provision() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            while rig.rack.bmcs.map(\.statistics.requests).reduce(0, +) < 2000 {
                _ = try await rig.client.call("Rackpool.Sync")
            }
            for id in ids { try await rig.destroy(id) }
            #expect(rig.rack.bmcs.allSatisfy { $0.statistics.openSessions == 1 })
            await daemon.end(with: SIGTERM)
            for bmc in rig.rack.bmcs {
                #expect(bmc.statistics.openSessions == 0)
                #expect(bmc.statistics.mostSessions == 1)
                #expect(bmc.statistics.sessions == 1)
                #expect(bmc.statistics.mostRequestsInFlight == 1)
            }
        }
    }

    @Test("SIGTERM in the middle of logins leaves no session")
    func duringLogin() async throws {
        try await Rig.with(10) { rig in
            let gates = rig.rack.bmcs.map { bmc in
                bmc.hold(at: .beforeAnswer) { $0.path.hasSuffix("/Sessions") }
            }
            let daemon = try await rig.start()
            for gate in gates { _ = await gate.arrival() }
            #expect(rig.rack.bmcs.allSatisfy { $0.statistics.openSessions == 1 })
            daemon.send(SIGTERM)
            try await daemon.wait(for: "stopped serving")
            for gate in gates { gate.open() }
            await daemon.waitForEnd()
            #expect(rig.rack.bmcs.allSatisfy { $0.statistics.openSessions == 0 })
        }
    }

    @Test("BMCs that hang do not keep the daemon from ending, nor the others' sessions from it")
    func hanging() async throws {
        try await Rig.with(10) { rig in
            let daemon = try await rig.startedAndSynchronised()
            let (deaf, well) = (rig.rack.bmcs.prefix(3), rig.rack.bmcs.dropFirst(3))
            for bmc in deaf { bmc.hang() }
            await daemon.end(with: SIGTERM)
            #expect(well.allSatisfy { $0.statistics.openSessions == 0 })
            #expect(deaf.allSatisfy { $0.statistics.openSessions == 1 })
        }
    }

    @Test("a device that leaves the inventory leaves no session")
    func inventory() async throws {
        try await Rig.with(2) { rig in
            let daemon = try await rig.startedAndSynchronised()
            let path = rig.home + "/inventory.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let kept = text.split(separator: "\n").filter { !$0.contains("name: r1u02,") }
            try kept.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            let deletion = rig.rack.bmcs[1].hold { $0.method == "DELETE" }
            daemon.send(SIGHUP)
            _ = await deletion.arrival()
            deletion.open()
            while rig.rack.bmcs[1].statistics.openSessions > 0 {
                try Task.checkCancellation()
                await Task.yield()
            }
            #expect(rig.rack.bmcs[0].statistics.openSessions == 1)
            await daemon.end(with: SIGTERM)
        }
    }
}
