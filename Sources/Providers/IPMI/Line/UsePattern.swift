/// How a BMC is used, and what follows for a session that nobody uses at the moment.
///
/// A BMC has a handful of slots for sessions, so one is closed after ``IPMITiming/idle``. But who
/// looks at a BMC every minute would then open and close a session for each look: ten packets where
/// two keep it. So where the last pause was no longer than ``IPMITiming/longestPause``, the session
/// is kept for one and a half times as long, and closed if the use that was to be expected does not
/// come. A BMC whose slots were all taken gets its own back as soon as ever.
struct UsePattern: Sendable {
    private var lastUse: Duration?
    /// The last pause that was more than the moment between two commands of one look.
    private var pause: Duration?

    /// A command's turn has come.
    mutating func begin(at now: Duration, _ timing: IPMITiming) {
        guard let lastUse, now - lastUse > timing.suspicion else { return }
        pause = now - lastUse
    }

    /// A command is over.
    mutating func end(at now: Duration) {
        lastUse = now
    }

    /// Until when a session is kept for the next use.
    /// - Parameter isScarce: Whether the BMC has no slots to spare.
    func end(_ timing: IPMITiming, isScarce: Bool) -> Duration {
        let start = lastUse ?? .zero
        guard let pause, pause <= timing.longestPause, !isScarce else { return start + timing.idle }
        return start + max(timing.idle, pause * 1.5)
    }
}
