import Core
import Foundation
import Simulator
import Testing

@testable import rackpool

/// Kills the daemon with SIGKILL at every step of a provision and of a destroy that the hardware
/// can see, starts it again, and compares the pool with the hardware.
@Suite(.timeLimit(.minutes(5))) struct CrashTests {
    /// A request to the BMC at which the daemon dies.
    struct Step: Sendable, CustomStringConvertible {
        let point: RequestGate.Point
        let method: String
        let body: String
        var description: String {
            let when = point == .beforeExecution ? "before it acts" : "after it has acted"
            return "the BMC got \(method) \(body) and dies \(when)"
        }

        func isMeant(_ request: SimulatedRequest) -> Bool {
            request.method == method && request.path.contains("/Systems/")
                && (body.isEmpty || String(decoding: request.body, as: UTF8.self).contains(body))
        }
    }

    static let properties: JSON = ["Boot": ["Target": "Pxe"], "Grace": "200ms"]

    static let provisionSteps = [
        Step(point: .beforeExecution, method: "GET", body: ""),
        Step(point: .beforeAnswer, method: "GET", body: ""),
        Step(point: .beforeExecution, method: "PATCH", body: "Pxe"),
        Step(point: .beforeAnswer, method: "PATCH", body: "Pxe"),
        Step(point: .beforeExecution, method: "POST", body: "On"),
        Step(point: .beforeAnswer, method: "POST", body: "On"),
    ]

    @Test("a provision that the daemon died in is finished by the next", arguments: provisionSteps)
    func provision(_ step: Step) async throws {
        try await Rig.with(3) { rig in
            let first = try await rig.startedAndSynchronised()
            let point = CrashPoint(at: step.point, of: rig.rack.bmcs[0], where: step.isMeant)
            let call = Task { try await rig.provision(Self.properties) }
            await point.arrival()
            await first.end(with: SIGKILL)
            point.release()
            _ = await call.result

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

    static let destroySteps = [
        Step(point: .beforeExecution, method: "GET", body: ""),
        Step(point: .beforeExecution, method: "POST", body: "GracefulShutdown"),
        Step(point: .beforeAnswer, method: "POST", body: "GracefulShutdown"),
        Step(point: .beforeExecution, method: "POST", body: "ForceOff"),
        Step(point: .beforeAnswer, method: "POST", body: "ForceOff"),
        Step(point: .beforeExecution, method: "PATCH", body: "Disabled"),
        Step(point: .beforeAnswer, method: "PATCH", body: "Disabled"),
    ]

    @Test("a destroy that the daemon died in is finished by the next", arguments: destroySteps)
    func destroy(_ step: Step) async throws {
        try await Rig.with(2) { rig in
            let first = try await rig.startedAndSynchronised()
            let id = try await rig.provision([
                "Boot": ["Target": "Pxe", "Once": false], "Grace": "200ms",
            ])
            // Only an operating system that does not react is powered off by force.
            if step.body == "ForceOff" { rig.rack.bmcs[0].systems[0].setShutdownDelay(nil) }
            let point = CrashPoint(at: step.point, of: rig.rack.bmcs[0], where: step.isMeant)
            let call = Task { try await rig.destroy(id) }
            await point.arrival()
            await first.end(with: SIGKILL)
            point.release()
            _ = await call.result

            let second = try await rig.start()
            try await second.wait(for: "r1u01 is off and free")
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
            let point = CrashPoint(at: .beforeExecution, of: rig.rack.bmcs[0]) { _ in true }
            let call = Task { try await rig.provision() }
            await point.arrival()
            await first.end(with: SIGKILL)
            point.release()
            _ = await call.result

            let second = try await rig.start()
            try await second.wait(for: "was found running something that Rackpool did not start")
            await second.end(with: SIGTERM)
            #expect(rig.poweredOn == ["r1u01"])
            #expect(rig.rack.bmcs[0].systems[0].resets.isEmpty)
            let third = try await rig.start()
            #expect(try await rig.described().isEmpty)
            await third.end(with: SIGTERM)
        }
    }
}
