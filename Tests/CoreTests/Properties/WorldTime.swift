import Core
import Foundation
import Locking

/// The clock of a world, which passes when all that is in it waits.
final class WorldTime: TimeSource {
    private enum Event: Sendable {
        case wake(CheckedContinuation<Void, any Error>)
        case happen(@Sendable () -> Void)
    }

    private struct Entry: Sendable {
        let at: Duration
        let number: Int
        let event: Event
    }

    private struct State {
        var now: Duration = .seconds(1000)
        var shift: Double = 0
        var next = 0
        var entries: [Entry] = []
        var cancelled: Set<Int> = []
        var idlers: [CheckedContinuation<Void, Never>] = []
        var isOver = false
    }

    private let state = Mutex(State())

    var uptime: Duration { state.withLock { $0.now } }

    var date: Date {
        let (now, shift) = state.withLock { ($0.now, $0.shift) }
        return Date(timeIntervalSince1970: 1_800_000_000 + now / .seconds(1) + shift)
    }

    /// Sets the wall clock forth or back.
    func shiftDate(by seconds: Double) {
        state.withLock { $0.shift += seconds }
    }

    func sleep(for duration: Duration) async throws {
        guard duration > .zero else { return try Task.checkCancellation() }
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if state.cancelled.remove(number) != nil || state.isOver { return true }
                    state.entries.append(
                        Entry(
                            at: state.now + duration, number: number, event: .wake(continuation)))
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let entry: Entry? = state.withLock { state in
                guard let place = state.entries.firstIndex(where: { $0.number == number }) else {
                    state.cancelled.insert(number)
                    return nil
                }
                return state.entries.remove(at: place)
            }
            if case .wake(let continuation)? = entry?.event {
                continuation.resume(throwing: CancellationError())
            }
        }
    }

    /// Has something happen later.
    func schedule(after delay: Duration, _ body: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.next += 1
            state.entries.append(
                Entry(at: state.now + delay, number: state.next, event: .happen(body)))
        }
    }

    /// Returns when all wait for the clock.
    func idle() async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.idlers.append(continuation) }
        }
    }

    /// Ends all waiting, now and from now on.
    func end() {
        let entries = state.withLock { state in
            state.isOver = true
            defer { state.entries = [] }
            return state.entries
        }
        for case .wake(let continuation) in entries.map(\.event) {
            continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves the clock to what comes next; false if nothing does.
    func pass() -> Bool {
        let idler = state.withLock { $0.idlers.popLast() }
        if let idler {
            idler.resume()
            return true
        }
        let entry: Entry? = state.withLock { state in
            let first = state.entries.indices.min {
                (state.entries[$0].at, state.entries[$0].number)
                    < (state.entries[$1].at, state.entries[$1].number)
            }
            guard let first else { return nil }
            state.now = max(state.now, state.entries[first].at)
            return state.entries.remove(at: first)
        }
        switch entry?.event {
        case .wake(let continuation): continuation.resume()
        case .happen(let body): body()
        case nil: return false
        }
        return true
    }
}
