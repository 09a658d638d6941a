import Dispatch
import Locking

/// A call to a disk that takes until somebody opens the gate.
final class DiskGate: Sendable {
    private let hasArrived = Mutex(false)
    private let opening = DispatchSemaphore(value: 0)

    /// Waits, on the caller's thread.
    func pass() {
        hasArrived.withLock { $0 = true }
        opening.wait()
    }

    func open() {
        opening.signal()
    }

    /// Returns when the call has come.
    func arrival() async throws {
        while !hasArrived.withLock({ $0 }) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
