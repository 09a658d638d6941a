public import Foundation

/// What one look at a device said.
public struct Observation: Sendable, Hashable {
    public var power: PowerState
    public var health: Health
    /// What a person can act on, the worst first: `PSU 2: Critical: input lost`.
    public var reasons: [String]
    /// When the look was made.
    public var date: Date
    /// Whether all was read by now that the health is weighed from. Where it is read in shares, as
    /// over IPMI, the first looks may come before the share that shows a fault, so that their `ok`
    /// does not say that the device is well.
    public var isComplete: Bool

    public init(
        power: PowerState, health: Health, reasons: [String] = [], date: Date,
        isComplete: Bool = true
    ) {
        self.power = power
        self.health = health
        self.reasons = reasons
        self.date = date
        self.isComplete = isComplete
    }
}

/// The power state of a device, as its BMC reports it (Redfish `Resource.PowerState`).
public enum PowerState: String, Sendable, Hashable, CaseIterable {
    case on = "On"
    case off = "Off"
    case poweringOn = "PoweringOn"
    case poweringOff = "PoweringOff"
    /// The BMC did not say, or was not reached.
    case unknown = "Unknown"
}

/// The health of a device; a later case is worse.
public enum Health: String, Sendable, Hashable, CaseIterable, Comparable {
    case ok
    case warning
    case critical
    case unreachable

    public static func < (left: Health, right: Health) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .ok: 0
        case .warning: 1
        case .critical: 2
        case .unreachable: 3
        }
    }
}
