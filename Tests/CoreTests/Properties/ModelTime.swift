import Core
import Foundation
import Locking

/// A clock for a model that answers at once: short pauses pass as soon as they are made, and only
/// time-outs wait for the clock to be moved.
final class ModelTime: TimeSource {
    private struct Sleeper {
        let id: Int
        let wake: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Duration = .zero
        var nextID = 0
        var isHurrying = false
        var sleepers: [Sleeper] = []
    }

    /// Whatever is shorter than this is a pause.
    private static let shortestTimeout: Duration = .seconds(10)
    private let state = Mutex(State())

    var uptime: Duration { state.withLock { $0.now } }
    var date: Date {
        Date(timeIntervalSince1970: 1_800_000_000 + Double(uptime.milliseconds) / 1000)
    }

    func sleep(for duration: Duration) async throws {
        guard duration > .zero else { return }
        let (id, passes) = state.withLock { state in
            state.nextID += 1
            return (state.nextID, state.isHurrying || duration < Self.shortestTimeout)
        }
        if passes {
            try Task.checkCancellation()
            advance(by: duration)
            await Task.yield()
            return
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    guard !Task.isCancelled else { return true }
                    state.sleepers.append(
                        Sleeper(id: id, wake: state.now + duration, continuation: continuation))
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
                // Whether there is a hurry may have changed meanwhile.
                if state.withLock({ $0.isHurrying }) { advance(by: duration) }
            }
        } onCancel: {
            let sleeper: Sleeper? = state.withLock { state in
                guard let place = state.sleepers.firstIndex(where: { $0.id == id }) else {
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
            defer { state.sleepers.removeAll { $0.wake <= now } }
            return state.sleepers.filter { $0.wake <= now }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Lets time-outs pass at once too, until the body is done.
    func hurry(until body: () async -> Void) async {
        state.withLock { $0.isHurrying = true }
        advance(by: .seconds(60))
        await body()
        state.withLock { $0.isHurrying = false }
    }
}
