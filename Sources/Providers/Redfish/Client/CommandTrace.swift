internal import Locking

/// What became of one command over all the times that it was sent: of a refusal that follows a
/// failure nobody knows which of them tells of the machine.
final class CommandTrace: Sendable {
    private let state = Mutex(false)

    /// Whether an answer said that the BMC may have acted on it.
    var mayHaveActed: Bool { state.withLock { $0 } }

    func noteFailure() { state.withLock { $0 = true } }
}
