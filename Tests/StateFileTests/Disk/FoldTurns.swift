import Dispatch
import Locking

/// Has a store fold on a queue of its own, as a daemon does, and lets the fold go on by so many calls
/// to the disk at a time. While it waits others make theirs; while it goes on nobody else does. So the
/// order of all calls is always the same.
final class FoldTurns: Sendable {
    private enum Fold {
        case none
        /// Under way, or about to begin.
        case running
        /// Waits before a call.
        case parked
    }

    /// What the store folds on.
    let queue = DispatchQueue(label: "folding")

    private static let mark = DispatchSpecificKey<Bool>()
    /// The fold has come to a call, or to its end.
    private let arrivals = DispatchSemaphore(value: 0)
    private let permits = DispatchSemaphore(value: 0)
    private let hasEnded = Mutex(false)
    private let fold = Mutex(Fold.none)
    private let isOver = Mutex(false)

    init() {
        queue.setSpecific(key: Self.mark, value: true)
    }

    /// Called before each call to the disk: waits for the fold's turn, if it is the fold's.
    func pass() {
        guard DispatchQueue.getSpecific(key: Self.mark) == true, !isOver.withLock({ $0 }) else {
            return
        }
        arrivals.signal()
        permits.wait()
    }

    /// Lets the fold that is under way make so many calls, and returns when it waits again or has
    /// ended.
    func advance(by calls: Int) {
        begin()
        for _ in 0..<calls where park() {
            fold.withLock { $0 = .running }
            permits.signal()
        }
        _ = park()
    }

    /// Lets the fold that is under way, if there is one, come to its end.
    func finish() {
        begin()
        while park() {
            fold.withLock { $0 = .running }
            permits.signal()
        }
    }

    /// Lets all folds go on without waiting, from now on: nobody looks at them any more.
    func end() {
        isOver.withLock { $0 = true }
        permits.signal()
    }

    private func begin() {
        let isNew = fold.withLock { fold in
            guard fold == .none else { return false }
            fold = .running
            return true
        }
        guard isNew else { return }
        // Runs when the fold has ended; at once, if there is none.
        queue.async { [self] in
            hasEnded.withLock { $0 = true }
            arrivals.signal()
        }
    }

    /// Waits until the fold has come to a call; false if it has ended.
    private func park() -> Bool {
        switch fold.withLock({ $0 }) {
        case .none: return false
        case .parked: return true
        case .running: break
        }
        arrivals.wait()
        let isDone = hasEnded.withLock { hasEnded in
            defer { hasEnded = false }
            return hasEnded
        }
        fold.withLock { $0 = isDone ? .none : .parked }
        return !isDone
    }
}

/// Ends a store's turns with the last reference, so that no thread waits for them for ever.
final class FoldTurnsOwner: Sendable {
    let turns: FoldTurns

    init(_ turns: FoldTurns) {
        self.turns = turns
    }

    deinit { turns.end() }
}
