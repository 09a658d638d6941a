internal import Core
internal import Locking

/// Lets so many through at a time, in the order in which they came: one request to a BMC, a number
/// of logins to all. A waiter whose task is cancelled leaves the queue.
final class FairSemaphore: Sendable {
    private typealias Waiter = (ticket: UInt64, continuation: CheckedContinuation<Bool, Never>)

    private struct State {
        var inside = 0
        var lastTicket: UInt64 = 0
        var queue: [Waiter] = []
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int = 1) {
        self.capacity = capacity
    }

    /// Whether nobody is inside and nobody waits.
    var isIdle: Bool { insideCount == 0 }

    /// How many are inside.
    var insideCount: Int { state.withLock { $0.inside } }

    /// How many wait.
    var waiterCount: Int { state.withLock { $0.queue.count } }

    /// Waits for its turn, then runs `body`.
    /// - Throws: what `body` throws, or an `unreachable` failure if the task was cancelled while it
    ///   waited.
    func pass<Value: Sendable>(
        _ body: () async throws(RedfishFailure) -> Value
    ) async throws(RedfishFailure) -> Value {
        guard await enter() else {
            throw .cancelled
        }
        defer { leave() }
        return try await body()
    }

    /// False if the task was cancelled while it waited; then there is nothing to leave.
    private func enter() async -> Bool {
        let ticket: UInt64 = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAdmitted = state.withLock { state in
                    if state.inside >= capacity {
                        state.queue.append((ticket, continuation))
                        return false
                    }
                    state.inside += 1
                    return true
                }
                if isAdmitted {
                    continuation.resume(returning: true)
                } else if Task.isCancelled {
                    // The handler may have run before there was a place in the queue to give up.
                    giveUp(ticket)
                }
            }
        } onCancel: {
            giveUp(ticket)
        }
    }

    private func giveUp(_ ticket: UInt64) {
        let waiter = state.withLock { state in
            state.queue.firstIndex { $0.ticket == ticket }.map { state.queue.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: false)
    }

    private func leave() {
        let next = state.withLock { state -> Waiter? in
            // A place stays taken if somebody waits: it is handed over.
            guard state.queue.isEmpty else { return state.queue.removeFirst() }
            state.inside -= 1
            return nil
        }
        next?.continuation.resume(returning: true)
    }
}
