internal import Core

/// Reset types, in the order of preference, that carry out a power command (DSP2046 `Resource`,
/// `ResetType`).
extension PowerCommand {
    /// Reset types that do it whatever the power state is.
    var resetTypes: [String] {
        switch self {
        case .on: ["On", "ForceOn"]
        case .gracefulOff: ["GracefulShutdown"] + Self.gracefulQuirks
        case .forceOff: ["ForceOff"]
        // Not FullPowerCycle, which takes the BMC's own power too.
        case .cycle: ["PowerCycle"]
        case .reset: ["ForceRestart"]
        }
    }

    /// Whether the machine boots when it is carried out.
    var boots: Bool { [.on, .cycle, .reset].contains(self) }

    /// The state in which a press of the power button does it; in the other state the press would
    /// do the contrary. Nil if no press does it.
    var buttonState: PowerState? {
        switch self {
        case .on: .off
        case .gracefulOff: .on
        case .forceOff, .cycle, .reset: nil
        }
    }

    /// The standard's name for a press of the power button.
    static let button = "PushPowerButton"

    /// Reset types that do it in the given state, the best first.
    func candidates(in state: PowerState) -> [String] {
        resetTypes + (buttonState == state ? [Self.button] : [])
    }
}
