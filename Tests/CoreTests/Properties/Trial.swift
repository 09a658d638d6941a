import Foundation

/// A sequence of steps in the world of a seed.
struct Trial: Sendable {
    let seed: UInt64
    var steps: [TimedStep]
    var meanness: Meanness

    private static let mostJobs = 300_000

    /// What is broken; empty if all promises hold.
    func violations(isLogging: Bool = false) -> [String] {
        let session = WorldSession(seed: seed, meanness: meanness, isLogging: isLogging)
        let executor = SeededExecutor(seed: seed)
        let ending = executor.run(atMost: Self.mostJobs) {
            await session.run(steps)
            await session.close()
        } pass: {
            session.world.time.pass()
        }
        let violations = session.world.violations
        switch ending {
        case .done: return violations
        case .deadlock: return violations + ["all wait, and nothing is to come"]
        case .endless: return violations + ["it never ends"]
        }
    }

    /// The shortest sequence that breaks a promise, as far as it is found soon.
    func shrunk(_ violations: [String]) -> (Trial, [String]) {
        var best = (self, violations)
        var runs = 0
        var size = max(1, steps.count / 2)
        while runs < 400 {
            var start = 0
            var hasShrunk = false
            while start < best.0.steps.count, runs < 400 {
                var candidate = best.0
                let end = min(start + size, candidate.steps.count)
                candidate.steps.removeSubrange(start..<end)
                let result = candidate.violations()
                runs += 1
                if result.isEmpty {
                    start += size
                } else {
                    best = (candidate, result)
                    hasShrunk = true
                }
            }
            if size == 1 && !hasShrunk { break }
            size = max(1, size / 2)
        }
        return best
    }
}
