internal import Locking

/// Waits for a task, but not for ever: returns whether it ended. The task goes on in any case.
package func wait(
    for task: Task<Void, Never>, within limit: Duration, _ time: any TimeSource
) async -> Bool {
    let first = OneShot<Bool>()
    let waiter = Task {
        await task.value
        first.finish(true)
    }
    let timer = Task {
        do {
            try await time.sleep(for: limit)
            first.finish(false)
        } catch {}
    }
    defer {
        timer.cancel()
        waiter.cancel()
    }
    return await first.value
}

/// A value that is set once, by whoever is first, and waited for by one.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Value, Never>)
        case finished(Value)
    }

    private let state = Mutex(State.empty)

    func finish(_ value: Value) {
        let waiting: CheckedContinuation<Value, Never>? = state.withLock { state in
            switch state {
            case .finished: return nil
            case .empty:
                state = .finished(value)
                return nil
            case .waiting(let continuation):
                state = .finished(value)
                return continuation
            }
        }
        waiting?.resume(returning: value)
    }

    var value: Value {
        get async {
            await withCheckedContinuation { continuation in
                let finished: Value? = state.withLock { state in
                    if case .finished(let value) = state { return value }
                    state = .waiting(continuation)
                    return nil
                }
                if let finished { continuation.resume(returning: finished) }
            }
        }
    }
}

/// How a task ended, for whoever has waited for it.
final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    /// Runs a body and keeps what comes of it.
    func record(_ body: () async throws -> Value) async {
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        result.withLock { $0 = outcome }
    }

    /// - Throws: what the body threw; `CancellationError` if it did not end.
    func get() throws -> Value {
        guard let result = result.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }

    /// Whether the body ended without an error.
    var isSuccess: Bool {
        if case .success? = result.withLock({ $0 }) { true } else { false }
    }
}
