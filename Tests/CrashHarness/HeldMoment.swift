import Locking
import Simulator

/// The request at which the daemon is to die: it waits here until the daemon is dead.
final class HeldMoment: Sendable {
    private struct State {
        var hasArrived = false
        var isReleased = false
        var watchers: [CheckedContinuation<Bool, Never>] = []
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let number: Int
    private let point: RequestGate.Point
    private let state = Mutex(State())

    init(number: Int, point: RequestGate.Point) {
        self.number = number
        self.point = point
    }

    /// Whether this is the request; tells who waits for it.
    func meets(_ number: Int, _ point: RequestGate.Point) -> Bool {
        guard number == self.number, point == self.point else { return false }
        let watchers: [CheckedContinuation<Bool, Never>]? = state.withLock { state in
            guard !state.hasArrived, !state.isReleased else { return nil }
            state.hasArrived = true
            defer { state.watchers = [] }
            return state.watchers
        }
        guard let watchers else { return false }
        for watcher in watchers { watcher.resume(returning: true) }
        return true
    }

    /// Whether this is the request; then it returns only after ``release()``.
    func holds(_ number: Int, _ point: RequestGate.Point) async -> Bool {
        guard meets(number, point) else { return false }
        await withCheckedContinuation { continuation in
            let isReleased = state.withLock { state in
                if !state.isReleased { state.held.append(continuation) }
                return state.isReleased
            }
            if isReleased { continuation.resume() }
        }
        return true
    }

    /// Returns true when the request has come, false when it was given up by ``release()``.
    func arrival() async -> Bool {
        await withCheckedContinuation { continuation in
            let known: Bool? = state.withLock { state in
                if state.hasArrived { return true }
                if state.isReleased { return false }
                state.watchers.append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    func release() {
        let (held, watchers) = state.withLock { state in
            state.isReleased = true
            defer {
                state.held = []
                state.watchers = []
            }
            return (state.held, state.watchers)
        }
        for continuation in held { continuation.resume() }
        for watcher in watchers { watcher.resume(returning: false) }
    }
}
