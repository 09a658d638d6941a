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
        let key: LogicalIDKey?
        /// Labels whose setting was confirmed.
        var labels: [String: String] = [:]
        /// Labels whose setting was asked for and not confirmed: either value may be found.
        var doubtful: [String: [String]] = [:]
        /// Whether a destroy was asked for: it may be there or not.
        var isLeaving = false
        /// Whether that was confirmed: from then on it can only be on its way out.
        var isDestroyed = false
        /// Whether it was last seen while its device was started: if that fails, it goes, and the
        /// device was never on or is off again.
        var isStarting = false
        /// Later provisions for its logical ID: if it failed, and one of them got that, it goes.
        var rivals: Set<String> = []
        /// Whether somebody works with it who wants it to stay.
        var isBorrowed = false

        /// Whether it need not be there.
        var mayBeGone: Bool { isLeaving || isStarting || !rivals.isEmpty }
    }

    private struct State {
        /// Provisions whose answer was an error: nothing may stay of them.
        var refused: [String: String] = [:]
        var asked: [String: LogicalIDKey?] = [:]
        var present: [String: Instance] = [:]
        var gone: Set<String> = []
        /// The provision that each ID was the answer to.
        var tokens: [String: String] = [:]
        var violations: [String] = []
    }

    private let state = Mutex(State())

    /// What was promised and not kept since this was last asked.
    func takeViolations() -> [String] {
        state.withLock { state in
            defer { state.violations = [] }
            return state.violations
        }
    }

    func note(_ violation: String) {
        state.withLock { $0.violations.append(violation) }
    }

    // MARK: Provisions

    /// A provision is about to be asked for.
    /// - Returns: its token.
    func ask(for key: LogicalIDKey?) -> String {
        state.withLock { state in
            let token = "t\(state.asked.count + 1)"
            state.asked[token] = .some(key)
            guard let key else { return token }
            for (id, instance) in state.present where instance.key == key {
                state.present[id]?.rivals.insert(token)
            }
            return token
        }
    }

    func told(_ id: String, for token: String, isStarting: Bool) {
        state.withLock { state in
            if let other = state.tokens.updateValue(token, forKey: id), other != token {
                state.violations.append("\(id) is the ID of two instances: \(other) and \(token)")
            }
            if state.present[id] == nil {
                state.present[id] = Instance(
                    token: token, key: state.asked[token] ?? nil, isStarting: isStarting)
            } else if !isStarting {
                state.present[id]?.isStarting = false
            }
        }
    }

    /// An instance is described whose provision may not be answered yet.
    func sees(_ id: String, of token: String) {
        let isNews = state.withLock { state in
            state.asked[token] != nil && state.refused[token] == nil
                && state.present[id] == nil && !state.gone.contains(id)
        }
        if isNews { told(id, for: token, isStarting: true) }
    }

    /// - Parameter isOfLogicalID: whether somebody else has the logical ID, so that nothing was begun.
    func refused(_ token: String, _ text: String, isOfLogicalID: Bool) {
        state.withLock { state in
            state.refused[token] = text
            guard isOfLogicalID else { return }
            for id in state.present.keys { state.present[id]?.rivals.remove(token) }
        }
    }

    /// What was said to a provision that was refused; nil if it was not.
    func refusal(of token: String) -> String? { state.withLock { $0.refused[token] } }

    func wasAsked(_ token: String) -> Bool { state.withLock { $0.asked[token] != nil } }

    // MARK: Ends

    func leaves(_ id: String) {
        state.withLock { $0.present[id]?.isLeaving = true }
    }

    func isDestroyed(_ id: String) {
        state.withLock { $0.present[id]?.isDestroyed = true }
    }

    /// What may be gone and is not there any more has gone, for good.
    func noteGone(claimed: Set<String>) {
        state.withLock { state in
            for (id, instance) in state.present where instance.mayBeGone && !claimed.contains(id) {
                state.present[id] = nil
                state.gone.insert(id)
            }
        }
    }

    // MARK: Labels

    func sets(_ label: String, to value: String, of id: String) {
        state.withLock { $0.present[id]?.doubtful[label, default: []].append(value) }
    }

    func hasSet(_ label: String, to value: String, of id: String) {
        state.withLock { state in
            state.present[id]?.labels[label] = value
            state.present[id]?.doubtful[label] = nil
        }
    }

    // MARK: Who is there

    /// The instances that are not asked to leave, and that nobody else works with.
    var living: [String] {
        state.withLock { state in
            state.present.filter { !$0.value.isLeaving && !$0.value.isBorrowed }.keys.sorted()
        }
    }

    /// Whether an instance that is not asked to leave carries the logical ID.
    func isAlive(_ key: LogicalIDKey) -> Bool {
        state.withLock { state in
            state.present.values.contains { $0.key == key && !$0.isLeaving }
        }
    }

    /// Keeps an instance from being destroyed, if it is known to run and to stay.
    func borrow(_ id: String) -> Bool {
        state.withLock { state in
            guard let instance = state.present[id], !instance.mayBeGone, !instance.isBorrowed
            else { return false }
            state.present[id]?.isBorrowed = true
            return true
        }
    }

    func giveBack(_ id: String) {
        state.withLock { $0.present[id]?.isBorrowed = false }
    }

    /// Nobody works with anything any more.
    func giveBackAll() {
        state.withLock { state in
            for id in state.present.keys { state.present[id]?.isBorrowed = false }
        }
    }

    /// All instances that must be, or may be, there.
    var present: [String: Instance] { state.withLock { $0.present } }

    var gone: Set<String> { state.withLock { $0.gone } }
}
