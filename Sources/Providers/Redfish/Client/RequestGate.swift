internal import Core
internal import Locking

/// Lets one request at a time through to a BMC, in the order in which they came. A waiter whose
/// task is cancelled leaves the queue.
final class RequestGate: Sendable {
    private struct State {
        var isTaken = false
        var lastTicket: UInt64 = 0
        var queue: [(ticket: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let state = Mutex(State())

    /// Whether nobody is inside and nobody waits.
    var isIdle: Bool { state.withLock { !$0.isTaken } }

    /// How many wait.
    var waiterCount: Int { state.withLock { $0.queue.count } }

    /// Waits for its turn, then runs `body`.
    /// - Throws: what `body` throws, or an `unreachable` failure if the task was cancelled while it
    ///   waited.
    func pass<Value: Sendable>(
        _ body: () async throws(RedfishFailure) -> Value
    ) async throws(RedfishFailure) -> Value {
        guard await enter() else {
            throw RedfishFailure(.unreachable, "cancelled before it was sent")
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
                    if state.isTaken {
                        state.queue.append((ticket, continuation))
                        return false
                    }
                    state.isTaken = true
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
        let next = state.withLock { state in
            // The gate stays taken if somebody waits: it is handed over.
            state.isTaken = !state.queue.isEmpty
            return state.queue.isEmpty ? nil : state.queue.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }
}
