import Core
import StateFile
import Randomness

/// At which moments a run kills the daemon, one after the other: now and then at some time, else at the
/// named step whose turn it is. The seed, the number of kills and what was reached decide.
struct KillPlan {
    private struct Aim {
        let step: NamedStep
        var failures = 0
    }

    private var queue: [Aim]
    private var numbers: SeededNumbers
    private var current: Aim?
    private let isSweep: Bool

    /// After so many failures a step waits for its next turn.
    private static let patience = 4

    /// - Parameters:
    ///   - kills: of each run. The runs of successive seeds begin at successive places in the list of
    ///     steps, so that together they come round it as often as can be.
    ///   - aims: the steps to aim at, and at nothing else; empty for all.
    ///   - isUpgrade: whether the run begins with the state of an earlier release, which a whole start
    ///     leaves behind.
    init(seed: UInt64, kills: Int, aims: [NamedStep], isUpgrade: Bool) {
        numbers = SeededNumbers(seed: seed)
        isSweep = !aims.isEmpty
        let first = Self.first(seed: seed, kills: kills, isUpgrade: isUpgrade)
            .filter { aims.isEmpty || aims.contains($0) }
        var order = SeededNumbers(seed: 0)
        var others =
            isSweep ? aims : NamedStep.allCases.shuffled(using: &order)
        others.removeAll { $0.isAtFirstStart }
        if !others.isEmpty, !isSweep {
            let aimedAt = max(1, kills - first.count) * (Self.share - 1) / Self.share
            let start = Int(seed % UInt64(others.count)) * aimedAt % others.count
            others = Array(others[start...] + others[..<start])
        }
        queue = (first + others).map { Aim(step: $0) }
    }

    /// Only a run's first starts make the folder, or leave a format behind.
    private static func first(seed: UInt64, kills: Int, isUpgrade: Bool) -> [NamedStep] {
        let steps = NamedStep.allCases.filter { $0.isAtFirstStart && $0.isOfCopy == isUpgrade }
        let start = Int(seed / 2 % UInt64(max(1, steps.count)))
        // A quarter of the kills, each run another part of them.
        return Array((steps[start...] + steps[..<start]).prefix(max(2, kills / 4)))
    }

    /// One in so many kills comes at some time.
    private static let share = 3

    /// Within so many milliseconds: what is late is over then, and was met by something else.
    private static let longestTime = 4000
    /// Half of the steps are aimed at when there is more to lose: at one of so many times as many calls.
    private static let late = 5

    /// Whether nothing is left to aim at.
    var isDone: Bool { isSweep && queue.isEmpty && current == nil }

    mutating func next() -> KillMoment {
        let isFirst = queue.first?.step.isAtFirstStart ?? false
        if !isSweep, !isFirst, Int.random(in: 0..<Self.share, using: &numbers) == 0 {
            return .after(.milliseconds(Int.random(in: 0...Self.longestTime, using: &numbers)))
        }
        guard !queue.isEmpty else { return .after(.zero) }
        let aim = queue.removeFirst()
        current = aim
        let usual = aim.failures == 0 ? Self.usual(aim.step) : 1
        let last = usual > 1 && Bool.random(using: &numbers) ? usual * Self.late : usual
        let number = Int.random(in: 1...last, using: &numbers)
        guard Self.isAtStop(aim.step) else { return .step(aim.step, number: number, stop: nil) }
        let time =
            aim.failures == 0
            ? Duration.milliseconds(Int.random(in: 0...120, using: &numbers)) : .zero
        guard case .store(let kind, _) = aim.step else {
            return .step(aim.step, number: number, stop: time)
        }
        // A start folds the journal once, too, and removes what earlier kills left.
        let more = kind.operation == .remove ? aim.failures % 3 : 0
        return .step(aim.step, number: 2 + more, stop: time)
    }

    /// Notes what became of the moment that was given last.
    mutating func note(_ ending: CrashRun.Ending) {
        guard var aim = current else { return }
        current = nil
        if ending == .at(aim.step) {
            aim.failures = 0
            if !isSweep, !aim.step.isAtFirstStart { queue.append(aim) }
            return
        }
        aim.failures += 1
        if aim.failures < Self.patience {
            queue.insert(aim, at: min(2, queue.count))
        } else if !isSweep, !aim.step.isAtFirstStart {
            aim.failures = 0
            queue.append(aim)
        }
    }

    private static func isAtStop(_ step: NamedStep) -> Bool {
        switch step {
        case .store(_, let isStop): isStop
        case .request(let kind, _): kind.isAtStop
        }
    }

    /// How many such calls or requests a second or so under load makes at least, as a rule.
    private static func usual(_ step: NamedStep) -> Int {
        switch step {
        case .request(let kind, _): kind.isFrequent ? 10 : kind.isAtStop ? 4 : 2
        case .store(_, isStop: true): 1
        case .store(let kind, isStop: false):
            switch (kind.operation, kind.file) {
            case (.check, .lock): 8
            case (.lock, _), (_, .lock), (_, .folder), (_, .newHistory), (_, .newCopy), (_, .copy):
                1
            case (.write, .segment), (.sync, .segment): 12
            case (_, .history): 6
            default: 2
            }
        }
    }
}
