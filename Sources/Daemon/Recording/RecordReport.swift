import Core
import Foundation
import Locking
import Redfish

/// Tells on stderr how a recording goes.
final class RecordReport: Sendable {
    private struct State {
        var shown: ContinuousClock.Instant?
        var last = CrawlProgress()
    }

    private let start = ContinuousClock.now
    private let resumed: Int
    private let isTerminal = isatty(2) == 1
    private let state = Mutex(State())

    /// - Parameter resumed: how many answers an earlier run left.
    init(resumed: Int) {
        self.resumed = resumed
        if resumed > 0 { write("going on after \(resumed) answers of an earlier run\n") }
    }

    /// Shows the progress, not more often than a person can follow.
    func show(_ progress: CrawlProgress) {
        let now = ContinuousClock.now
        let interval: Duration = isTerminal ? .milliseconds(200) : .seconds(10)
        let isDue = state.withLock { state in
            state.last = progress
            if let shown = state.shown, now - shown < interval { return false }
            state.shown = now
            return true
        }
        if isDue { write(line(progress) + (isTerminal ? "\u{1B}[K\r" : "\n")) }
    }

    /// Sums up, with what is missing from the recording and why.
    func finish(_ recording: Recording, folder: String) {
        let last = state.withLock { $0.last }
        var lines = ["\(folder): \(recording.read.count) resources, \(Self.size(last.bytes))"]
        if recording.isAnonymised { lines[0] += ", anonymised" }
        for resource in recording.failed.prefix(20) {
            let answer = resource.status.map { "\($0)" } ?? resource.problem ?? "no answer"
            lines.append("  failed: \(resource.path): \(answer)")
        }
        if recording.failed.count > 20 {
            lines.append("  failed: \(recording.failed.count - 20) more; see recording.json")
        }
        for reason in CrawlSkip.allCases {
            guard let links = recording.skipped[reason], let first = links.first else { continue }
            let more = links.count == 1 ? "" : " and \(links.count - 1) more"
            lines.append("  skipped: \(first)\(more): \(reason.rawValue)")
        }
        write(
            (isTerminal ? "\u{1B}[K" : "") + lines.map(\.printable).joined(separator: "\n") + "\n")
    }

    private func line(_ progress: CrawlProgress) -> String {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let asked = progress.read + progress.failed - resumed
        let rate = seconds > 0 ? Double(asked) / seconds : 0
        return "\(progress.read) read, \(progress.waiting) waiting, \(progress.failed) failed, "
            + "\(String(format: "%.1f", rate))/s, \(Self.size(progress.bytes))"
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 1 << 20
            ? "\(bytes >> 10) KiB" : String(format: "%.1f MiB", Double(bytes) / 1_048_576)
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
