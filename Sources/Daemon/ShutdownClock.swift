import Locking
import ServiceLifecycle

/// Notes when the daemon was told to stop, so that all that follows shares one time limit.
final class ShutdownClock: Service {
    private let start = Mutex<ContinuousClock.Instant?>(nil)

    /// The time since the daemon was told to stop; zero if it was not.
    var elapsed: Duration {
        start.withLock { start in start.map { ContinuousClock.now - $0 } ?? .zero }
    }

    func run() async throws {
        try? await gracefulShutdown()
        start.withLock { $0 = .now }
    }
}
