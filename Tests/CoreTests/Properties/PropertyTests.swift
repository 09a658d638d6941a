import Foundation
import Testing

@Suite(.timeLimit(.minutes(30))) struct PropertyTests {
    @Test("no sequence of calls, faults, crashes and operators breaks a promise")
    func promises() async {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["RACKPOOL_SEED"].flatMap(UInt64.init) {
            let (steps, meanness) = WorldStep.sequence(seed: seed)
            let isLogging = environment["RACKPOOL_LOG"] != nil
            Self.report(Trial(seed: seed, steps: steps, meanness: meanness), isLogging: isLogging)
            return
        }
        let isSurvey = environment["RACKPOOL_SURVEY"] != nil
        let first = environment["RACKPOOL_FIRST_SEED"].flatMap(UInt64.init) ?? 1
        if let failure = await Self.firstFailure(
            among: first...(first + Self.sequences - 1), isSurvey)
        {
            Self.report(failure, isLogging: false)
        }
    }

    /// How many sequences are run; RACKPOOL_SEQUENCES asks for more or fewer.
    private static var sequences: UInt64 {
        let wanted = ProcessInfo.processInfo.environment["RACKPOOL_SEQUENCES"]
        return max(1, wanted.flatMap(UInt64.init) ?? 500)
    }

    private static func report(_ trial: Trial, isLogging: Bool) {
        var trial = trial
        var violations = trial.violations(isLogging: isLogging)
        guard !violations.isEmpty else { return }
        if !isLogging { (trial, violations) = trial.shrunk(violations) }
        let list = trial.steps.enumerated().map { "  \($0 + 1). \($1)" }.joined(separator: "\n")
        Issue.record(
            """
            seed \(trial.seed) (RACKPOOL_SEED=\(trial.seed) replays it) breaks a promise:
            \(violations.joined(separator: "\n"))
            after the minimal sequence
            \(list)
            with \(trial.meanness)
            """)
    }

    /// - Parameter isSurvey: says what each failing seed breaks, and goes on.
    private static func firstFailure(
        among seeds: ClosedRange<UInt64>, _ isSurvey: Bool
    ) async -> Trial? {
        await withTaskGroup(of: Trial?.self) { group in
            var next = seeds.lowerBound
            func add() {
                guard next <= seeds.upperBound, !Task.isCancelled else { return }
                let seed = next
                next += 1
                group.addTask {
                    let (steps, meanness) = WorldStep.sequence(seed: seed)
                    let trial = Trial(seed: seed, steps: steps, meanness: meanness)
                    let violations = trial.violations()
                    guard let first = violations.first else { return nil }
                    FileHandle.standardError.write(Data("seed \(seed): \(first)\n".utf8))
                    return isSurvey ? nil : trial
                }
            }
            for _ in 0..<2 { add() }
            while let result = await group.next() {
                if let result { return result }
                add()
            }
            return nil
        }
    }
}
