import Core
import Foundation
import Locking

/// A clock for which every pause is over at once; it notes them, and ends what sleeps when so many
/// have passed.
final class PacedTime: TimeSource {
    private let limit: Int
    private let state = Mutex<[Duration]>([])

    init(limit: Int) {
        self.limit = limit
    }

    var pauses: [Duration] { state.withLock { $0 } }
    let uptime: Duration = .zero
    let date = Date(timeIntervalSince1970: 1_800_000_000)

    func sleep(for duration: Duration) async throws {
        let count = state.withLock { pauses in
            pauses.append(duration)
            return pauses.count
        }
        if count >= limit { throw CancellationError() }
    }
}
