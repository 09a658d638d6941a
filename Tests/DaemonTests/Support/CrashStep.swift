import Foundation
import Locking
import Processes
import Simulator

@testable import rackpool

/// A request to the BMC at which the daemon dies.
struct CrashStep: Sendable, CustomStringConvertible {
    let point: RequestGate.Point
    let method: String
    /// What the path ends with, or the body contains; empty for whatever is asked about the system.
    let mark: String

    var description: String {
        let when = point == .beforeExecution ? "before it acts" : "after it has acted"
        return "the BMC got \(method) \(mark) and dies \(when)"
    }

    func isMeant(_ request: SimulatedRequest) -> Bool {
        guard request.method == method else { return false }
        if mark.isEmpty { return request.path.contains("/Systems/") }
        return request.path.hasSuffix(mark)
            || String(decoding: request.body, as: UTF8.self).contains(mark)
    }

    /// Before the BMC acts, and after.
    static func both(_ method: String, _ mark: String) -> [CrashStep] {
        [
            CrashStep(point: .beforeExecution, method: method, mark: mark),
            CrashStep(point: .beforeAnswer, method: method, mark: mark),
        ]
    }
}

extension Rig {
    /// Has the daemon begin something, kills it at this step, and returns when it is dead and its
    /// client knows.
    func crash(
        _ daemon: ChildProcess, at step: CrashStep,
        during operation: @escaping @Sendable () async throws -> Void
    ) async {
        // The first such request alone: the next daemon's are let through.
        let first = Mutex(true)
        let gate = rack.bmcs[0].hold(at: step.point) { request in
            step.isMeant(request)
                && first.withLock { isFirst in
                    defer { isFirst = false }
                    return isFirst
                }
        }
        let call = Task { try await operation() }
        _ = await gate.arrival()
        await daemon.end(with: SIGKILL)
        gate.open(.drop)
        _ = await call.result
    }
}
