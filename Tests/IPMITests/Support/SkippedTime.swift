import Core
import Foundation
import Locking
import Logging

/// A clock on which every sleep is over at once.
final class SkippedTime: TimeSource {
    private let now = Mutex(Duration.zero)

    var uptime: Duration { now.withLock { $0 } }
    var date: Date {
        Date(timeIntervalSince1970: 1_800_000_000 + Double(uptime.components.seconds))
    }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        now.withLock { $0 += max(.zero, duration) }
    }

    func advance(by duration: Duration) {
        now.withLock { $0 += duration }
    }
}

extension Logger {
    /// Says nothing.
    static let silent = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
}
