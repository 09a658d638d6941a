import Core
import Foundation
import Synchronization

/// A clock on which a sleep takes no time and moves it by as much.
final class SwiftTime: TimeSource {
    private let state = Mutex<(now: Duration, pauses: [Duration])>((.zero, []))

    var uptime: Duration { state.withLock { $0.now } }
    var date: Date { Date(timeIntervalSince1970: 1_800_000_000) }

    /// How long each sleep was to last.
    var pauses: [Duration] { state.withLock { $0.pauses } }

    func sleep(for duration: Duration) async throws {
        state.withLock { state in
            state.now += duration
            state.pauses.append(duration)
        }
        await Task.yield()
        try Task.checkCancellation()
    }
}
