import Core
import Foundation
import Locking

/// A clock that a test moves.
final class ManualTime: TimeSource {
    private struct Sleeper {
        let id: Int
        let wake: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        let id: Int
        let count: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Duration = .zero
        var clockShift = 0.0
        var nextID = 0
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
        var watchers: [Watcher] = []

        mutating func takeID() -> Int {
            nextID += 1
            return nextID
        }

        func isEnough(for watcher: Watcher) -> Bool {
            sleepers.count >= watcher.count
        }

        /// The watchers that have seen enough; they don't watch any longer.
        mutating func takeWatchers() -> [Watcher] {
            let ready = watchers.filter(isEnough)
            watchers.removeAll(where: isEnough)
            return ready
        }
    }

    private let state = Mutex(State())

    var uptime: Duration { state.withLock { $0.now } }
    var date: Date {
        let (now, shift) = state.withLock { ($0.now, $0.clockShift) }
        return Date(timeIntervalSince1970: 1_800_000_000 + now / .seconds(1) + shift)
    }

    /// Sets the clock on the wall, forth or back.
    func setClock(by seconds: Double) {
        state.withLock { $0.clockShift += seconds }
    }

    func sleep(for duration: Duration) async throws {
        try await sleep(for: duration, whenAsleep: {})
    }

    /// Calls `whenAsleep` when the clock knows of the sleeper.
    func sleep(for duration: Duration, whenAsleep: () -> Void) async throws {
        guard duration > .zero else { return }
        let id = state.withLock { $0.takeID() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (isCancelled, woken) = state.withLock { state in
                    if state.cancelled.remove(id) != nil {
                        return (true, [Watcher]())
                    }
                    state.sleepers.append(
                        Sleeper(id: id, wake: state.now + duration, continuation: continuation))
                    return (false, state.takeWatchers())
                }
                for watcher in woken { watcher.continuation.resume() }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
                whenAsleep()
            }
        } onCancel: {
            let sleeper: Sleeper? = state.withLock { state in
                guard let place = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: place)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves the clock and wakes whoever's time has come.
    func advance(by duration: Duration) {
        let due: [Sleeper] = state.withLock { state in
            state.now += duration
            let now = state.now
            let due = state.sleepers.filter { $0.wake <= now }
            state.sleepers.removeAll { $0.wake <= now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Moves the clock if somebody wakes by that, and lets others run. Whoever keeps a longer limit
    /// beside his work does not see it pass while he works.
    ///
    /// - Throws: `CancellationError`, so that a test which waits in vain ends at its time limit.
    func step(by duration: Duration) async throws {
        try Task.checkCancellation()
        if state.withLock({ state in state.sleepers.contains { $0.wake - state.now <= duration } })
        {
            advance(by: duration)
        }
        await Task.yield()
    }

    /// Moves the clock to when the next sleeper wakes, if that is by `end`; says whether it is.
    func wakeNext(by end: Duration) -> Bool {
        let rest: Duration? = state.withLock { state in
            state.sleepers.map(\.wake).min().flatMap { $0 <= end ? $0 - state.now : nil }
        }
        guard let rest else { return false }
        advance(by: rest)
        return true
    }

    /// Lets exactly so much time pass for tasks that sleep, wake, and sleep again.
    ///
    /// - Parameter count: how many tasks there are; nothing passes before all sleep.
    /// - Throws: `CancellationError`, so that a test which waits in vain ends at its time limit.
    func pass(_ duration: Duration, sleepers count: Int = 1) async throws {
        let end = uptime + duration
        repeat { try await sleepers(count) } while wakeNext(by: end) && uptime < end
        if uptime < end { advance(by: end - uptime) }
    }

    /// Moves the clock by a second as soon as somebody wakes by then.
    ///
    /// - Throws: `CancellationError`.
    func pass() async throws {
        let end = uptime + .seconds(1)
        while uptime < end { try await step(by: .seconds(1)) }
    }

    /// Returns when at least `count` tasks sleep.
    ///
    /// - Throws: `CancellationError`, so that a test which waits in vain ends at its time limit.
    func sleepers(_ count: Int) async throws {
        let id = state.withLock { $0.takeID() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    let watcher = Watcher(id: id, count: count, continuation: continuation)
                    if state.isEnough(for: watcher) { return .success(()) }
                    state.watchers.append(watcher)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let watcher: Watcher? = state.withLock { state in
                guard let place = state.watchers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.watchers.remove(at: place)
            }
            watcher?.continuation.resume(throwing: CancellationError())
        }
    }
}
