public import Core
public import Foundation
internal import Synchronization

/// A clock on which time passes only while somebody sleeps, and then at once.
public final class StandingClock: TimeSource {
    private let slept = Mutex(Duration.zero)

    public init() {}

    public var date: Date { Date(timeIntervalSince1970: 1_800_000_000) }
    public var uptime: Duration { slept.withLock { $0 } }

    public func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        slept.withLock { $0 += max(.zero, duration) }
        await Task.yield()
    }
}
