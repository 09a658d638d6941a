internal import Core
internal import NIOCore

/// Who waits for a system to reach a power state.
struct PowerWaiters {
    private struct Waiter {
        let system: Int
        let power: PowerState
        let promise: EventLoopPromise<Void>
    }

    private var waiters: [Int: Waiter] = [:]
    private var next = 0

    mutating func add(_ promise: EventLoopPromise<Void>, system: Int, power: PowerState) -> Int {
        next += 1
        waiters[next] = Waiter(system: system, power: power, promise: promise)
        return next
    }

    mutating func remove(_ id: Int) -> EventLoopPromise<Void>? {
        waiters.removeValue(forKey: id)?.promise
    }

    /// Those whose state was reached; they no longer wait.
    mutating func take(
        _ passed: [(system: Int, power: PowerState)]
    ) -> [EventLoopPromise<Void>] {
        let reached = waiters.filter { _, waiter in
            passed.contains { $0.system == waiter.system && $0.power == waiter.power }
        }
        for id in reached.keys { waiters[id] = nil }
        return reached.values.map(\.promise)
    }
}
