import Foundation
import Testing
@testable import TestSupport

@Suite(.timeLimit(.minutes(30))) struct PropertyTests {
    @Test("whatever happens to 50 devices, the promises hold after every step")
    func promises() async {
        let replayed = ProcessInfo.processInfo.environment["RACKPOOL_SEED"].flatMap(UInt64.init)
        let failure: (seed: UInt64, steps: [RackStep], violations: [String])?
        if let replayed {
            let steps = RackStep.sequence(seed: replayed)
            for (number, step) in steps.enumerated() { print("\(number + 1). \(step)") }
            failure = await Self.violations(of: steps, mending: Self.mends(replayed)).map {
                (replayed, steps, $0)
            }
        } else {
            failure = await Self.firstFailure(among: 1...Self.sequences)
        }
        guard let failure else { return }
        let (steps, violations) = await Self.shrunk(
            failure.steps, failure.violations, mending: Self.mends(failure.seed))
        let list = steps.enumerated().map { "  \($0 + 1). \($1)" }.joined(separator: "\n")
        Issue.record(
            """
            seed \(failure.seed) (RACKPOOL_SEED=\(failure.seed) replays it) breaks a promise:
            \(violations.joined(separator: "\n"))
            after the minimal sequence
            \(list)
            """)
    }

    /// How many sequences are run; RACKPOOL_SEQUENCES asks for more or fewer.
    private static var sequences: UInt64 {
        let wanted = ProcessInfo.processInfo.environment["RACKPOOL_SEQUENCES"]
        return max(1, wanted.flatMap(UInt64.init) ?? 500)
    }

    private static func firstFailure(
        among seeds: ClosedRange<UInt64>
    ) async -> (UInt64, [RackStep], [String])? {
        await withTaskGroup(of: (UInt64, [RackStep], [String])?.self) { group in
            var next = seeds.lowerBound
            func add() {
                guard next <= seeds.upperBound, !Task.isCancelled else { return }
                let seed = next
                next += 1
                group.addTask {
                    let steps = RackStep.sequence(seed: seed)
                    return await violations(of: steps, mending: mends(seed)).map {
                        (seed, steps, $0)
                    }
                }
            }
            for _ in 0..<3 { add() }
            while let result = await group.next() {
                if let result { return result }
                add()
            }
            return nil
        }
    }

    // Finishing what is unfinished takes rounds, so not every sequence can afford it.
    private static func mends(_ seed: UInt64) -> Bool { seed % 3 == 0 }

    /// Runs a sequence up to the first step after which a promise is broken; nil if none is.
    private static func violations(of steps: [RackStep], mending: Bool) async -> [String]? {
        do {
            let session = try await ModelSession()
            for step in steps {
                try await session.apply(step)
                let violations = await session.violations()
                if !violations.isEmpty { return violations }
            }
            guard mending else { return nil }
            await session.mend()
            let violations = await session.violations() + session.leftovers()
            return violations.isEmpty ? nil : violations
        } catch {
            return ["a start failed: \(error)"]
        }
    }

    // A race does not show each time, so a shorter sequence gets several chances to fail.
    private static func shrunk(
        _ steps: [RackStep], _ violations: [String], mending: Bool
    ) async -> ([RackStep], [String]) {
        var best = (steps, violations)
        var runs = 0
        var size = max(1, steps.count / 2)
        while runs < 600 {
            var start = 0
            var hasShrunk = false
            while start < best.0.count, runs < 600 {
                var candidate = best.0
                candidate.removeSubrange(start..<min(start + size, candidate.count))
                var result: [String]?
                for _ in 0..<3 where result == nil {
                    result = await Self.violations(of: candidate, mending: mending)
                    runs += 1
                }
                if let result {
                    best = (candidate, result)
                    hasShrunk = true
                } else {
                    start += size
                }
            }
            if size == 1 && !hasShrunk { break }
            size = max(1, size / 2)
        }
        return best
    }
}
