internal import Locking

/// The reconcilers that work: at most one for each claim, and one for each that is not at rest.
final class Reconcilers: Sendable {
    private struct State {
        var working: [String: (reconciler: Reconciler, task: Task<Void, Never>)] = [:]
        var isClosed = false
    }

    let hand: ReconcilerHand
    private let state = Mutex(State())

    init(hand: ReconcilerHand) {
        self.hand = hand
    }

    /// The reconciler that works for an instance.
    subscript(id: String) -> Reconciler? {
        state.withLock { $0.working[id]?.reconciler }
    }

    /// Has an instance's record looked at: starts a reconciler, or wakes the one that works.
    ///
    /// - Parameters:
    ///   - interrupts: breaks off what is being done, for the goal has changed.
    ///   - prepare: is told the reconciler before it works, or goes on.
    /// - Returns: nil if the daemon is stopping.
    @discardableResult
    func wake(
        _ id: String, interrupts: Bool = false, prepare: (Reconciler) -> Void = { _ in }
    ) -> Reconciler? {
        state.withLock { state in
            if let reconciler = state.working[id]?.reconciler {
                prepare(reconciler)
                reconciler.wake(interrupts: interrupts)
                return reconciler
            }
            guard !state.isClosed else { return nil }
            let reconciler = Reconciler(id: id, hand: hand)
            prepare(reconciler)
            let task = Task { await self.run(reconciler) }
            state.working[id] = (reconciler, task)
            return reconciler
        }
    }

    private func run(_ reconciler: Reconciler) async {
        while true {
            await reconciler.work()
            // Who wakes it from here on finds it idle no more, or starts another.
            let isEnded = state.withLock { state in
                guard reconciler.isIdle || Task.isCancelled else { return false }
                state.working[reconciler.id] = nil
                return true
            }
            if isEnded { break }
        }
        reconciler.end()
    }

    /// Returns when none works.
    func waitUntilIdle() async {
        while true {
            let tasks = state.withLock { $0.working.values.map(\.task) }
            if tasks.isEmpty { return }
            for task in tasks { await task.value }
        }
    }

    /// Whether the daemon is stopping.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Lets none start any more; returns those that work.
    func close() -> [Task<Void, Never>] {
        state.withLock { state in
            state.isClosed = true
            return state.working.values.map(\.task)
        }
    }
}
