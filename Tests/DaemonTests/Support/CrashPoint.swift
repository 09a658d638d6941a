import Simulator
import Locking

/// A request at which the daemon is to die: the first that is meant waits here, and its connection
/// is dropped when the daemon is dead. All others pass.
final class CrashPoint: Sendable {
    private struct State {
        var hasArrived = false
        var isReleased = false
        var watchers: [CheckedContinuation<Void, Never>] = []
        var held: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    init(
        at point: RequestGate.Point, of bmc: SimulatedBMC,
        where isMeant: @escaping @Sendable (SimulatedRequest) -> Bool
    ) {
        bmc.onRequest { request, moment in
            let isHere =
                switch moment {
                case .arrived: point == .beforeExecution
                case .executed: point == .beforeAnswer
                }
            guard isHere, isMeant(request), self.takeFirst() else { return .proceed }
            await self.hold()
            return .drop
        }
    }

    /// Returns when the request is there.
    func arrival() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if !state.hasArrived { state.watchers.append(continuation) }
                return state.hasArrived
            }
            if isThere { continuation.resume() }
        }
    }

    /// Drops what is held.
    func release() {
        let held = state.withLock { state in
            state.isReleased = true
            defer { state.held = nil }
            return state.held
        }
        held?.resume()
    }

    private func takeFirst() -> Bool {
        let watchers: [CheckedContinuation<Void, Never>]? = state.withLock { state in
            guard !state.hasArrived else { return nil }
            state.hasArrived = true
            defer { state.watchers = [] }
            return state.watchers
        }
        for watcher in watchers ?? [] { watcher.resume() }
        return watchers != nil
    }

    private func hold() async {
        await withCheckedContinuation { continuation in
            let isReleased = state.withLock { state in
                if !state.isReleased { state.held = continuation }
                return state.isReleased
            }
            if isReleased { continuation.resume() }
        }
    }
}
