/// How long to wait before an event stream is opened again. Knows no clock and no chance: the
/// caller brings both.
struct EventPacing: Sendable {
    /// Why there is no stream now.
    enum Cause: Sendable, Hashable {
        /// It ended or broke after it had been open so long.
        case lost(after: Duration, events: Int)
        /// No connection, or no answer that says more.
        case unreachable
        /// The BMC has no stream for us: 404, 405, 501, 503, no `ServerSentEventUri`, a refusal of
        /// who we are.
        case refused
    }

    /// The pause after the first loss; doubled with every one that follows.
    static let shortest: Duration = .seconds(2)
    static let longest: Duration = .seconds(300)
    /// The pause after a refusal: what a BMC can't do it won't learn in minutes, and one whose
    /// connections are used up must not be pestered.
    static let afterRefusal: Duration = .seconds(3600)
    /// A stream that was open so long was a good one.
    static let good: Duration = .seconds(60)

    private var failures = 0

    /// The pause before the next attempt.
    /// - Parameters:
    ///   - retry: what the server asks for in its `retry:` field; taken between one second and
    ///     ``longest``.
    ///   - chance: 0..<1. The pause is spread over half to one and a half times its length, so that
    ///     a rack that restarted is not reconnected to in one instant.
    mutating func pause(after cause: Cause, retry: Duration?, chance: Double) -> Duration {
        let spread = 0.5 + chance
        switch cause {
        case .refused:
            failures = 0
            return Self.afterRefusal * spread
        case .lost(let open, let events) where open >= Self.good || events > 0:
            failures = 0
        case .lost, .unreachable: break
        }
        let base = min(max(retry ?? Self.shortest, .seconds(1)), Self.longest)
        let pause = min(base * (1 << min(failures, 10)), Self.longest)
        failures += 1
        // What the server asked for is not undercut.
        return max(pause * spread, retry.map { min($0, Self.longest) } ?? .zero)
    }
}
