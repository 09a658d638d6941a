internal import IPMIWire

/// What happened to the session with a BMC, for the log.
enum LineEvent: Hashable, Sendable {
    /// `isAgain` where the one before was lost or refused.
    case opened(CipherSuite, isAgain: Bool)
    /// The BMC did not answer in it: to `step`, and not for `quiet` before.
    case lost(step: String, quiet: Duration)
    /// None came about. `isNews` unless the attempt before ended in the same way.
    case refused(IPMIFailure, isNews: Bool)
    case closed
}
