internal import Locking

/// The provisions and destroys that run, at most one for each instance, and the instances that
/// have none although they are not finished.
final class Operations: Sendable {
    enum Kind: Sendable {
        case provision
        case destroy(Destroy)
        /// Powering on again, or fencing.
        case upkeep
    }

    struct Operation: Sendable {
        let kind: Kind
        let task: Task<Void, Never>
    }

    private struct State {
        var running: [String: Operation] = [:]
        // Calls of `Provision`: they have no instance yet, or go from one to the next.
        var calls: [ObjectIdentifier: Task<Void, Never>] = [:]
        var unattended: Set<String> = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// What runs for an instance.
    func running(for id: String) -> Operation? {
        state.withLock { $0.running[id] }
    }

    /// Starts an operation for an instance unless one runs; returns the one that runs, or nil if
    /// the daemon is stopping.
    /// - Parameter body: returns whether the instance is finished, so that nobody need come back
    ///   to it.
    func start(
        _ kind: Kind, for id: String, _ body: @escaping @Sendable () async -> Bool
    ) -> Operation? {
        state.withLock { state in
            if let operation = state.running[id] { return operation }
            guard !state.isClosed else { return nil }
            let task = Task {
                let isFinished = await body()
                self.state.withLock { state in
                    state.running[id] = nil
                    if !isFinished { state.unattended.insert(id) }
                }
            }
            let operation = Operation(kind: kind, task: task)
            state.running[id] = operation
            state.unattended.remove(id)
            return operation
        }
    }

    /// Starts a call of `Provision`, or returns nil if the daemon is stopping.
    func start(
        _ call: Provision, _ body: @escaping @Sendable () async -> Void
    ) -> Task<Void, Never>? {
        let key = ObjectIdentifier(call)
        return state.withLock { state in
            guard !state.isClosed else { return nil }
            let task = Task {
                await body()
                self.state.withLock { $0.calls[key] = nil }
            }
            state.calls[key] = task
            return task
        }
    }

    /// Enters instances that somebody has to come back to.
    func leaveUnattended(_ ids: some Sequence<String>) {
        state.withLock { $0.unattended.formUnion(ids) }
    }

    /// The instances that somebody has to come back to.
    var unattended: Set<String> { state.withLock { $0.unattended } }

    /// Forgets an instance that is finished after all.
    func dismiss(_ id: String) {
        state.withLock { _ = $0.unattended.remove(id) }
    }

    /// Returns when nothing runs.
    func waitUntilIdle() async {
        while true {
            let tasks = state.withLock { Array($0.running.values.map(\.task)) + $0.calls.values }
            if tasks.isEmpty { return }
            for task in tasks { await task.value }
        }
    }

    /// Whether the daemon is stopping.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Lets no operation start any more; returns those that run.
    func close() -> [Task<Void, Never>] {
        state.withLock { state in
            state.isClosed = true
            return state.running.values.map(\.task) + state.calls.values
        }
    }
}
