/// A change of power that a provider can ask a BMC for.
public enum PowerCommand: String, Sendable, Hashable, CaseIterable {
    case on
    /// Asks the operating system to shut down.
    case gracefulOff
    case forceOff
    /// Cuts the power and gives it again.
    case cycle
    /// Has the machine start anew without cutting the power, and without asking the operating
    /// system.
    case reset

    /// What an error's text calls it: `forced power off`.
    public var title: String {
        switch self {
        case .on: "power on"
        case .gracefulOff: "graceful power off"
        case .forceOff: "forced power off"
        case .cycle: "power cycle"
        case .reset: "reset"
        }
    }

    /// Whether the command is for a device that runs, and starts none that is off.
    public var needsPower: Bool { self == .cycle || self == .reset }

    /// Whether the machine runs in the end.
    var leadsToOn: Bool {
        switch self {
        case .on, .cycle, .reset: true
        case .gracefulOff, .forceOff: false
        }
    }

    /// Whether there is nothing left to do. A host on its way on or down follows no second request,
    /// except that power can be cut at any time.
    package func isFulfilled(by state: PowerState) -> Bool {
        switch self {
        case .on: state == .on || state == .poweringOn
        case .gracefulOff: state == .off || state == .poweringOff
        case .forceOff: state == .off
        case .cycle, .reset: false
        }
    }
}
