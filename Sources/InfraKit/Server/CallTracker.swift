internal import Locking

/// Runs calls in tasks of their own, so that a client that goes away, or a server that stops, takes
/// no call with it; and knows when none is left.
final class CallTracker: Sendable {
    private struct State {
        var inFlight = 0
        var waiters: [AsyncStream<Never>.Continuation] = []
    }

    private let state = Mutex(State())

    var inFlight: Int { state.withLock { $0.inFlight } }

    /// Runs `operation` to its end, and returns what it returned.
    /// - Throws: `CancellationError`, at once, if the calling task is cancelled; the operation goes
    ///   on.
    func run<Value: Sendable>(_ operation: @escaping @Sendable () async -> Value) async throws
        -> Value
    {
        let (values, continuation) = AsyncStream<Value>.makeStream()
        state.withLock { $0.inFlight += 1 }
        // Detached, lest the call hear of a graceful shutdown through its task-local values.
        Task.detached {
            continuation.yield(await operation())
            continuation.finish()
            self.leave()
        }
        // Unlike a task's value, a stream's next element is not waited for by a cancelled task.
        for await value in values { return value }
        throw CancellationError()
    }

    /// Returns when no call is in flight, or when the calling task is cancelled.
    func waitUntilIdle() async {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        state.withLock { state in
            if state.inFlight == 0 {
                continuation.finish()
            } else {
                state.waiters.append(continuation)
            }
        }
        for await _ in stream {}
    }

    private func leave() {
        let waiters = state.withLock { state in
            state.inFlight -= 1
            guard state.inFlight == 0 else { return [AsyncStream<Never>.Continuation]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.finish() }
    }
}
