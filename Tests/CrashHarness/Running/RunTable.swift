import Core
import Foundation

/// The table of all runs, printed line by line, and that of the named steps.
final class RunTable {
    private static let columns =
        ["seed", "time"] + NamedStep.Kind.allCases.map(\.rawValue)
        + [
            "kills", "stops", "seconds", "late", "replaced", "provisioned", "destroyed", "labelled",
            "operated", "refused", "unanswered", "violations",
        ]

    private var totals = Array(repeating: 0, count: RunTable.columns.count - 1)
    private var steps: [NamedStep: Int] = [:]
    private var requests: [RequestKind: Int] = [:]

    /// So many steps that were never reached are named: more are for a run with more kills.
    private static let listed = 20

    var hasViolations: Bool { totals.last != 0 }

    /// The named steps at which the daemon did not die.
    var unreached: [NamedStep] { NamedStep.allCases.filter { steps[$0] == nil } }

    func printHeader() {
        show(Self.columns)
    }

    func add(_ summary: RunSummary) {
        let calls = summary.calls
        let numbers =
            [summary.timedKills] + NamedStep.Kind.allCases.map(summary.killCount(at:)) + [
                summary.killCount, summary.stops, summary.seconds, summary.mistreated,
                summary.replaced, calls.provisioned, calls.destroyed, calls.labelled,
                calls.operated, calls.refused, calls.unanswered,
                summary.violations.count,
            ]
        totals = zip(totals, numbers).map(+)
        steps.merge(summary.steps, uniquingKeysWith: +)
        requests.merge(summary.requests, uniquingKeysWith: +)
        show(["\(summary.seed)"] + numbers.map(String.init))
        for violation in summary.violations { print("  seed \(summary.seed): \(violation)") }
        if !summary.home.isEmpty { print("  seed \(summary.seed): see \(summary.home)") }
    }

    func printTotal() {
        show(["all"] + totals.map(String.init))
    }

    /// Prints how often the daemon died at each named step, and at which it never did.
    func printSteps() {
        print("\nkills at each named step:")
        var subjects: [String] = []
        for step in NamedStep.allCases where subjects.last != step.subject {
            subjects.append(step.subject)
        }
        let width = subjects.map(\.count).max() ?? 0
        for subject in subjects {
            let counts = NamedStep.allCases.filter { $0.subject == subject }
                .map { "\($0.point) \(steps[$0] ?? 0)" }
            let space = String(repeating: " ", count: width - subject.count + 2)
            print("  " + subject + space + counts.joined(separator: "  "))
        }
        let unreached = unreached
        let reached = NamedStep.allCases.count - unreached.count
        print(
            unreached.isEmpty
                ? "all \(reached) steps were reached"
                : "\(reached) of \(NamedStep.allCases.count) steps were reached"
                    + (unreached.count > Self.listed
                        ? "" : ", never: " + unreached.map(\.description).joined(separator: ", ")))
        let unsent = RequestKind.allCases.filter { requests[$0] == nil }
        if !unsent.isEmpty {
            print("never sent: " + unsent.map(\.description).joined(separator: ", "))
        }
        let unlisted = Set(requests.keys).subtracting(RequestKind.allCases)
        if !unlisted.isEmpty {
            let names = unlisted.map { "\($0) (\(requests[$0] ?? 0))" }.sorted()
            print("requests that nobody listed: " + names.joined(separator: ", "))
        }
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
