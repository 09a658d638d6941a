import Core
import Foundation
import Processes
import Simulator
import Testing

@testable import rackpool

/// Kills the daemon with SIGKILL at every step of a provision and of a destroy that the hardware
/// can see, starts it again, and compares the pool with the hardware.
@Suite(.timeLimit(.minutes(5))) struct CrashTests {
    static let properties: JSON = ["Boot": ["Target": "Pxe"], "Grace": "200ms"]

    static let provisionSteps =
        CrashStep.both("GET", "") + CrashStep.both("PATCH", "Pxe") + CrashStep.both("POST", "On")

    @Test("a provision that the daemon died in is finished by the next", arguments: provisionSteps)
    func provision(_ step: CrashStep) async throws {
        try await Rig.with(3) { rig in
            let first = try await rig.startedAndSynchronised()
            await rig.crash(first, at: step) { _ = try await rig.provision(Self.properties) }

            let second = try await rig.start()
            try await second.wait(for: "r1u01 is on")
            #expect(try await rig.claimed() == ["r1u01"])
            #expect(rig.poweredOn == ["r1u01"])
            #expect(rig.rack.bmcs[0].systems[0].bootsFrom == ["Pxe"])
            // The pool goes on as if nothing had been.
            let id = try await rig.provision(Self.properties)
            #expect(try await rig.claimed() == ["r1u01", "r1u02"])
            try await rig.destroy(id)
            #expect(rig.poweredOn == ["r1u01"])
            await second.end(with: SIGTERM)
        }
    }

    static let destroySteps =
        [CrashStep(point: .beforeExecution, method: "GET", mark: "")]
        + CrashStep.both("POST", "GracefulShutdown") + CrashStep.both("POST", "ForceOff")
        + CrashStep.both("PATCH", "Disabled")

    @Test("a destroy that the daemon died in is finished by the next", arguments: destroySteps)
    func destroy(_ step: CrashStep) async throws {
        try await Rig.with(2) { rig in
            let first = try await rig.startedAndSynchronised()
            let id = try await rig.provision([
                "Boot": ["Target": "Pxe", "Once": false], "Grace": "200ms",
            ])
            // Only an operating system that does not react is powered off by force.
            if step.mark == "ForceOff" { rig.rack.bmcs[0].systems[0].setShutdownDelay(nil) }
            await rig.crash(first, at: step) { try await rig.destroy(id) }

            let second = try await rig.start()
            try await second.wait(for: "r1u01 is free: powered off")
            #expect(try await rig.described().isEmpty)
            #expect(rig.poweredOn.isEmpty)
            #expect(try await rig.provision().hasSuffix("-r1u02"))
            await second.end(with: SIGTERM)
        }
    }

    @Test("a running server whose claim died before the first look is left alone")
    func foreign() async throws {
        try await Rig.with(1) { rig in
            let first = try await rig.startedAndSynchronised()
            rig.rack.bmcs[0].systems[0].power = .on
            let look = CrashStep(point: .beforeExecution, method: "GET", mark: "")
            await rig.crash(first, at: look) { _ = try await rig.provision() }

            let second = try await rig.start()
            try await second.wait(for: "was found running, though no instance lives on it")
            await second.end(with: SIGTERM)
            #expect(rig.poweredOn == ["r1u01"])
            #expect(rig.rack.bmcs[0].systems[0].resets.isEmpty)
            let third = try await rig.start()
            #expect(try await rig.described().isEmpty)
            await third.end(with: SIGTERM)
        }
    }
}
