import Core
import Foundation

/// What a run of one seed came to.
struct RunSummary: Sendable {
    let seed: UInt64
    /// How many times the daemon was killed, by the kind of moment.
    var kills: [KillMoment.Kind: Int] = [:]
    /// How many times at each kind of step of the store: `after rename`.
    var steps: [String: Int] = [:]
    var provisioned = 0
    var destroyed = 0
    var labelled = 0
    /// Calls that the plugin refused.
    var refused = 0
    /// Calls whose answer never came.
    var unanswered = 0
    /// What was promised and not kept.
    var violations: [String] = []
    /// Where the state and the daemon's logs were kept, if something was not kept.
    var home = ""

    init(seed: UInt64) {
        self.seed = seed
    }

    mutating func count(_ moment: KillMoment) {
        kills[moment.kind, default: 0] += 1
        if let step = moment.step {
            steps["\(step.point.rawValue) \(step.operation.rawValue)", default: 0] += 1
        }
    }
}

/// The table of all runs, printed line by line.
final class RunTable {
    private static let columns =
        ["seed"] + KillMoment.Kind.allCases.map(\.rawValue)
        + ["kills", "provisioned", "destroyed", "labelled", "refused", "unanswered", "violations"]

    private var totals = Array(repeating: 0, count: RunTable.columns.count - 1)

    private var steps: [String: Int] = [:]

    var hasViolations: Bool { totals.last != 0 }

    func printHeader() {
        show(Self.columns)
    }

    func add(_ summary: RunSummary) {
        let byKind = KillMoment.Kind.allCases.map { summary.kills[$0] ?? 0 }
        let numbers =
            byKind + [
                byKind.reduce(0, +), summary.provisioned, summary.destroyed, summary.labelled,
                summary.refused, summary.unanswered, summary.violations.count,
            ]
        totals = zip(totals, numbers).map(+)
        steps.merge(summary.steps, uniquingKeysWith: +)
        show(["\(summary.seed)"] + numbers.map(String.init))
        for violation in summary.violations { print("  seed \(summary.seed): \(violation)") }
        if !summary.home.isEmpty { print("  seed \(summary.seed): see \(summary.home)") }
    }

    func printTotal() {
        show(["all"] + totals.map(String.init))
        let counted = steps.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        print("steps of the store: " + counted.joined(separator: ", "))
    }

    private func show(_ cells: [String]) {
        let line = zip(cells, Self.columns).map { cell, column in
            String(repeating: " ", count: max(0, max(column.count, 5) - cell.count)) + cell
        }
        print(line.joined(separator: "  "))
        // Whoever follows a long run in a file sees it line by line.
        fflush(nil)
    }
}
