import Core
import Foundation

/// A clock that stands still.
struct StillTime: TimeSource {
    var date: Date
    var uptime: Duration { .zero }
    func sleep(for duration: Duration) async throws {}
}
