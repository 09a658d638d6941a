internal import Core
internal import Foundation
internal import Synchronization

/// A clock on which time passes only while somebody sleeps, and then at once.
final class StandingClock: TimeSource {
    private let slept = Mutex(Duration.zero)

    var date: Date { Date(timeIntervalSince1970: 1_800_000_000) }
    var uptime: Duration { slept.withLock { $0 } }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        slept.withLock { $0 += max(.zero, duration) }
        await Task.yield()
    }
}
