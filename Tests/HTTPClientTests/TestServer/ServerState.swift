import Locking

/// What has happened at a server.
public struct ServerLog: Sendable {
    /// How many connections were accepted.
    public internal(set) var accepted = 0
    /// The connections that the client closed, or that the server did.
    public internal(set) var closed: Set<Int> = []
    public internal(set) var requests: [TestRequest] = []
    /// How many requests have come in and are not answered.
    public internal(set) var inFlight = 0
    /// The most requests that were unanswered at the same time.
    public internal(set) var mostInFlight = 0

    /// `GET /path`, in the order of arrival.
    public var lines: [String] { requests.map { "\($0.method) \($0.path)" } }
}

/// What the server's thread shares with the test.
final class ServerState: Sendable {
    enum Order: Sendable {
        case answerHeld(TestReply)
        case closeIdle
    }

    private struct Content {
        var log = ServerLog()
        var orders: [Order] = []
        var isStopped = false
        var waiters: [Waiter] = []
    }

    private struct Waiter {
        let id: UInt64
        let condition: @Sendable (ServerLog) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private let content = Mutex(Content())

    var log: ServerLog { content.withLock { $0.log } }

    /// Returns once the condition is met, the server stopped or the task cancelled, so that a test
    /// that fails ends too.
    func wait(until condition: @escaping @Sendable (ServerLog) -> Bool) async {
        let id = UInt64.random(in: 0 ... .max)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = content.withLock { content in
                    if content.isStopped || Task.isCancelled || condition(content.log) {
                        return true
                    }
                    content.waiters.append(
                        Waiter(id: id, condition: condition, continuation: continuation))
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            resume { waiter, _ in waiter.id == id }
        }
    }

    func record(_ change: (inout ServerLog) -> Void) {
        content.withLock { change(&$0.log) }
        resume { $0.condition($1) }
    }

    private func resume(_ isDone: (Waiter, ServerLog) -> Bool) {
        let done = content.withLock { content in
            guard !content.waiters.isEmpty else { return [Waiter]() }
            let log = content.log
            let done = content.waiters.filter { isDone($0, log) }
            let ids = Set(done.map(\.id))
            content.waiters.removeAll { ids.contains($0.id) }
            return done
        }
        for waiter in done { waiter.continuation.resume() }
    }

    func post(_ order: Order) { content.withLock { $0.orders.append(order) } }

    func takeOrders() -> [Order] {
        content.withLock { content in
            defer { content.orders = [] }
            return content.orders
        }
    }

    var isStopped: Bool { content.withLock { $0.isStopped } }

    /// Whether it was running until now.
    func stop() -> Bool {
        let wasRunning = content.withLock { content in
            defer { content.isStopped = true }
            return !content.isStopped
        }
        resume { _, _ in true }
        return wasRunning
    }
}
