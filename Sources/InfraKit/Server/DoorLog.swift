internal import Locking
internal import Logging
internal import NIOHTTP1

/// Tells of requests that were turned away, at most once a minute: whoever knocks must not fill the
/// log.
final class DoorLog: Sendable {
    private static let pause: Duration = .seconds(60)

    private let logger: Logger
    private let state = Mutex<(count: Int, told: ContinuousClock.Instant?)>((0, nil))

    init(_ logger: Logger) {
        self.logger = logger
    }

    func note(
        _ refusal: TCPDoor.Refusal, from address: String?, at now: ContinuousClock.Instant = .now
    ) {
        let count: Int? = state.withLock { state in
            state.count += 1
            if let told = state.told, now - told < Self.pause { return nil }
            defer { state = (0, now) }
            return state.count
        }
        guard let count else { return }
        logger.warning(
            "turned away over TCP: \(count) requests since this was said last; the last one, from \(address ?? "somewhere"): \(refusal.status.code) \(refusal.message)"
        )
    }
}
