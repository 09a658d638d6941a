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
    }

    let gate = FairSemaphore()
    private let state: Mutex<State>

    init(address: BMCAddress) {
        state = Mutex(State(origin: address.url))
    }

    /// The scheme, host and port to send to: the BMC's address, or, once it sent a request there,
    /// its `https` side. Without this, a password would go out unencrypted before each redirect.
    var origin: String {
        get { state.withLock { $0.origin } }
        set { state.withLock { $0.origin = newValue } }
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
