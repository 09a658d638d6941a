internal import Core
internal import Locking

/// What all clients of one BMC share: they speak one at a time, leave the BMC alone while it asks
/// for that, and go to where it sends them.
final class BMCLine: Sendable {
    /// A BMC that asks for a longer pause is asked again after this all the same: nobody would
    /// know that it is well again.
    static let longestRest: Duration = .seconds(120)

    private struct State {
        var origin: String
        var rest: (until: Duration, asked: Duration)?
        var keepAlive = KeepAlive.trusted
        var hasReused = false
        /// When the last answer came, as an uptime.
        var answered: Duration?
    }

    /// Whether the BMC takes a second request over a connection.
    private enum KeepAlive {
        case trusted
        /// A request came to nothing over a connection that had carried another.
        case doubted
        /// The same went well over a fresh one. That is remembered.
        case broken
    }

    /// One that breaks after it was idle for longer was closed for being idle.
    private static let idleLimit: Duration = .seconds(3)

    let gate = FairSemaphore()
    private let home: String
    private let state: Mutex<State>

    init(address: BMCAddress) {
        home = address.url
        state = Mutex(State(origin: address.url))
    }

    /// The scheme, host and port to send to: the BMC's address, or, once it sent a request there
    /// that was answered, its `https` side. Without this, a password would go out unencrypted before
    /// each redirect.
    var origin: String {
        get { state.withLock { $0.origin } }
        set { state.withLock { $0.origin = newValue } }
    }

    /// Nobody is where a request was redirected to: the next goes to the BMC's own address.
    func returnHome() { origin = home }

    /// Whether a second request over a connection was ever answered.
    var hasReused: Bool { state.withLock { $0.hasReused } }

    /// Whether requests may follow each other over a connection.
    var sharesConnections: Bool { state.withLock { $0.keepAlive == .trusted } }

    /// A request came to nothing over a connection that had carried another.
    /// - Parameters:
    ///   - isSilence: whether nothing came, rather than the connection's end.
    ///   - start: when the request was sent, as an uptime.
    /// - Returns: whether the connection may be the reason. It is not that of a silence where
    ///   connections carry more than one request and this one was in use a moment before: that is
    ///   the resource's own, or the BMC's, and a second time-out would tell no more.
    func doubtKeepAlive(isSilence: Bool, sentAt start: Duration) -> Bool {
        state.withLock { state in
            let wasIdle = state.answered.map { start - $0 > Self.idleLimit } ?? true
            if isSilence, state.hasReused, !wasIdle { return false }
            if state.keepAlive == .trusted { state.keepAlive = .doubted }
            return true
        }
    }

    /// What was refused over a connection that had carried another request was answered over a fresh
    /// one. That is remembered.
    func noteBrokenKeepAlive() { state.withLock { $0.keepAlive = .broken } }

    /// No answer over a fresh connection either: the BMC is not there.
    func noteSilence() {
        state.withLock { if $0.keepAlive == .doubted { $0.keepAlive = .trusted } }
    }

    /// - Parameters:
    ///   - wasReused: whether the answer came over a connection that had carried another.
    ///   - wasRepeated: whether it came over a second connection.
    func noteAnswer(wasReused: Bool, wasRepeated: Bool, at now: Duration) {
        state.withLock { state in
            state.hasReused = state.hasReused || wasReused
            let wasIdle = state.answered.map { now - $0 > Self.idleLimit } ?? true
            if state.keepAlive == .doubted || wasRepeated && !wasIdle { state.keepAlive = .broken }
            state.answered = now
        }
    }

    /// Notes, at an uptime, that the BMC asks not to be asked for a while.
    func rest(for asked: Duration, from now: Duration) {
        state.withLock { state in
            state.rest = (max(now + min(asked, Self.longestRest), state.rest?.until ?? now), asked)
        }
    }

    /// What is left of the BMC's pause at an uptime, and how long it asked for; nil if it has
    /// passed.
    func remainingRest(at now: Duration) -> (left: Duration, asked: Duration)? {
        state.withLock { state in
            guard let rest = state.rest, rest.until > now else {
                state.rest = nil
                return nil
            }
            return (rest.until - now, rest.asked)
        }
    }
}
