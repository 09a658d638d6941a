public import Foundation

/// What one look at a device said.
public struct Observation: Sendable, Hashable {
    public var power: PowerState
    public var health: Health
    /// What a person can act on, the worst first: `PSU 2: Critical: input lost`. At most 32, the last
    /// of which then tells of the rest, of 400 bytes each.
    public var reasons: [String] {
        didSet { reasons = Reasons.bounded(reasons) }
    }
    /// When the look was made.
    public var date: Date
    /// Whether all was read by now that the health is weighed from. Where it is read in shares, as
    /// over IPMI, the first looks may come before the share that shows a fault, so that their `ok`
    /// does not say that the device is well.
    public var isComplete: Bool
    /// By what the machine that was looked at is known, as far as this look read it.
    public var identity: SystemIdentity

    public init(
        power: PowerState, health: Health, reasons: [String] = [], date: Date,
        isComplete: Bool = true, identity: SystemIdentity = SystemIdentity()
    ) {
        self.power = power
        self.health = health
        self.reasons = Reasons.bounded(reasons)
        self.date = date
        self.isComplete = isComplete
        self.identity = identity
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

/// The health of a device, as one look or several judge it.
public enum Health: String, Sendable, Hashable, CaseIterable {
    case ok
    case warning
    case critical
    /// No answer, or none that makes sense.
    case unreachable
    /// The BMC is there and does not let us in: credentials, trust, or what we demand of it. That
    /// is the operator's to mend, and says nothing about the machine.
    case refused

    /// Whether a device in this health may be given to a new instance.
    public var isClaimable: Bool { self == .ok || self == .warning }
}

extension Health: Comparable {
    /// A later case is worse to be told of.
    public static func < (left: Health, right: Health) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .ok: 0
        case .warning: 1
        case .critical: 2
        case .refused: 3
        case .unreachable: 4
        }
    }
}
