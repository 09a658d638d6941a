import Core
import Foundation
import Locking

/// A clock on which every sleep is over at once, except for one of ``forever``, and which remembers
/// how long it would have been.
final class QuickTime: TimeSource {
    static let forever: Duration = .seconds(1_000_000)

    private struct State {
        var now: Duration = .zero
        var pauses: [Duration] = []
    }

    private let state = Mutex(State())

    var uptime: Duration { state.withLock { $0.now } }
    var date: Date {
        Date(timeIntervalSince1970: 1_800_000_000 + Double(uptime.milliseconds) / 1000)
    }
    /// The sleeps so far.
    var pauses: [Duration] { state.withLock { $0.pauses } }

    func sleep(for duration: Duration) async throws {
        if duration >= Self.forever { await Cancellation.arrival() }
        try Task.checkCancellation()
        state.withLock { state in
            state.now += max(.zero, duration)
            state.pauses.append(duration)
        }
    }

    func advance(by duration: Duration) {
        state.withLock { $0.now += duration }
    }
}
