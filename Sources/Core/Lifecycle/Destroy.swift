internal import Locking

/// One run of a destroy, which several callers may wait for.
final class Destroy: Sendable {
    private let accepted = Mutex(false)
    /// How the run ended; set before its task ends.
    let outcome = Outcome<Void>()

    /// Whether the BMC has taken a command to power off, or the device was off.
    var isAccepted: Bool { accepted.withLock { $0 } }

    func accept() {
        accepted.withLock { $0 = true }
    }
}
