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
        }
    }

    /// The state in which a press of the power button does it; in the other state the press would
    /// do the contrary. Nil if no press does it.
    var buttonState: PowerState? {
        switch self {
        case .on: .off
        case .gracefulOff: .on
        case .forceOff: nil
        }
    }

    /// The standard's name for a press of the power button.
    static let button = "PushPowerButton"

    /// Reset types that do it in the given state, the best first.
    func candidates(in state: PowerState) -> [String] {
        resetTypes + (buttonState == state ? [Self.button] : [])
    }

    /// Whether there is nothing left to do. A host on its way on or down follows no second request,
    /// except that power can be cut at any time.
    func isFulfilled(by state: PowerState) -> Bool {
        switch self {
        case .on: state == .on || state == .poweringOn
        case .gracefulOff: state == .off || state == .poweringOff
        case .forceOff: state == .off
        }
    }
}
