internal import Synchronization

/// Work that one caller starts and any number wait for.
///
/// A waiter whose task is cancelled leaves; the work goes on without it. Only work that
/// is wanted by its waiters alone is cancelled when the last of them has left.
final class SharedTask<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var task: Task<Void, Never>?
        var isAbandoned = false
        var lastTicket: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Value?, Never>] = [:]
    }

    private let state = Mutex(State())
    private let wanted: Wanted

    /// Who wants the work to be done.
    enum Wanted {
        case always
        case byWaitersOnly
    }

    init(wanted: Wanted, _ body: @escaping @Sendable () async -> Value) {
        self.wanted = wanted
        state.withLock { $0.task = Task { self.finish(await body()) } }
    }

    /// Whether the last waiter left work that nobody else wants.
    var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

    /// Waits for what comes of the work; nil if the calling task is cancelled or the work was
    /// abandoned before.
    func value() async -> Value? {
        let ticket: UInt64 = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known: Value?? = state.withLock { state in
                    if let value = state.value { return .some(value) }
                    if state.isAbandoned { return .some(nil) }
                    state.waiters[ticket] = continuation
                    return nil
                }
                if let known {
                    continuation.resume(returning: known)
                } else if Task.isCancelled {
                    // The handler may have run before there was a waiter to take out.
                    leave(ticket)
                }
            }
        } onCancel: {
            leave(ticket)
        }
    }

    private func leave(_ ticket: UInt64) {
        let (waiter, abandoned) = state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: ticket)
            guard waiter != nil, state.waiters.isEmpty, wanted == .byWaitersOnly else {
                return (waiter, Task<Void, Never>?.none)
            }
            state.isAbandoned = true
            return (waiter, state.task)
        }
        abandoned?.cancel()
        waiter?.resume(returning: nil)
    }

    private func finish(_ value: Value) {
        let waiters = state.withLock { state in
            state.value = value
            state.task = nil
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume(returning: value) }
    }
}
