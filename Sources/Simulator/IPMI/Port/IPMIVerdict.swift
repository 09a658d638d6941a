/// A command that came to a simulated BMC over IPMI, for a test to look at.
public struct SimulatedIPMIRequest: Sendable, Hashable {
    /// The network function's number (IPMI v2.0 5.1).
    public let function: UInt8
    /// The command's number (IPMI v2.0 appendix G).
    public let command: UInt8
    public let data: [UInt8]
}

/// A test's way into what a BMC does with a command over IPMI. It is asked before the command is
/// carried out, for a command that is sent again because its answer got lost not again.
public typealias IPMIHook = @Sendable (SimulatedIPMIRequest) -> IPMIVerdict

/// What becomes of a command.
public enum IPMIVerdict: Sendable, Hashable {
    case proceed
    /// Is not carried out, and answered by this completion code: 0xC0 is `node busy`.
    case refuse(UInt8)
    /// Is neither carried out nor answered, as if it had got lost.
    case lose
    /// Is carried out, and the answer gets lost.
    case loseAnswer
    /// Is answered as done at once and carried out later, or never if that is nil.
    case actLate(Duration?)
    /// Gets no answer, and is carried out later.
    case actLateUnanswered(Duration)
}

extension IPMIVerdict {
    /// After what time a command is carried out that is not at once.
    var actsAfter: Duration? {
        switch self {
        case .actLate(let delay): delay
        case .actLateUnanswered(let delay): delay
        case .proceed, .refuse, .lose, .loseAnswer: nil
        }
    }
}
