import Core
import Locking

/// The outside record: what the clients asked for and what they were told.
///
/// A provision carries a token as a tag, so that an instance whose client died with the daemon is
/// known again: InfraKit would see it in the next describe, and counts it from then on.
final class Ledger: Sendable {
    /// What is known of an instance that a client was told of, or that was described.
    struct Instance: Sendable {
        let token: String
        /// Labels whose setting was confirmed.
        var labels: [String: String] = [:]
        /// Labels whose setting was asked for and not confirmed: either value may be found.
        var doubtful: [String: [String]] = [:]
        /// Whether a destroy was asked for and not confirmed: it may be there or not.
        var isLeaving = false
        /// Whether it was last seen while its device was started: if that fails, it goes, and the
        /// device was never on or is off again.
        var isStarting = false

        /// Whether it need not be there.
        var mayBeGone: Bool { isLeaving || isStarting }
    }

    private struct State {
        var lastToken = 0
        /// Provisions whose answer was an error: nothing may stay of them.
        var refused: Set<String> = []
        var asked: Set<String> = []
        var present: [String: Instance] = [:]
        var gone: Set<String> = []
    }

    private let state = Mutex(State())

    func newToken() -> String {
        state.withLock { state in
            state.lastToken += 1
            let token = "t\(state.lastToken)"
            state.asked.insert(token)
            return token
        }
    }

    func told(_ id: String, for token: String, isStarting: Bool) {
        state.withLock { state in
            if state.present[id] == nil {
                state.present[id] = Instance(token: token, isStarting: isStarting)
            } else if !isStarting {
                state.present[id]?.isStarting = false
            }
        }
    }

    func refused(_ token: String) {
        state.withLock { state in _ = state.refused.insert(token) }
    }

    func leaves(_ id: String) {
        state.withLock { $0.present[id]?.isLeaving = true }
    }

    func isGone(_ id: String) {
        state.withLock { state in
            state.present[id] = nil
            state.gone.insert(id)
        }
    }

    func sets(_ label: String, to value: String, of id: String) {
        state.withLock { $0.present[id]?.doubtful[label, default: []].append(value) }
    }

    func hasSet(_ label: String, to value: String, of id: String) {
        state.withLock { state in
            state.present[id]?.labels[label] = value
            state.present[id]?.doubtful[label] = nil
        }
    }

    /// The instances that are not asked to leave.
    var living: [String] {
        state.withLock { $0.present.filter { !$0.value.isLeaving }.keys.sorted() }
    }

    /// All instances that must be, or may be, there.
    var present: [String: Instance] { state.withLock { $0.present } }

    var gone: Set<String> { state.withLock { $0.gone } }

    func wasRefused(_ token: String) -> Bool { state.withLock { $0.refused.contains(token) } }

    func wasAsked(_ token: String) -> Bool { state.withLock { $0.asked.contains(token) } }

    /// What may be gone and is not there any more has gone, for good.
    func settle(claimed: Set<String>) {
        state.withLock { state in
            for (id, instance) in state.present where instance.mayBeGone && !claimed.contains(id) {
                state.present[id] = nil
                state.gone.insert(id)
            }
        }
    }
}
