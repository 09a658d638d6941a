public import Foundation

/// What a claim is at. A case is all that there is to say: whether the instance is described, in
/// which array its device is, what its machine is to be, and whether anything is left to do.
public enum ClaimState: Sendable, Hashable {
    /// A machine is being started for a new instance.
    case starting(StartStep)
    /// The machine was seen on, and nothing is left to do.
    case running
    /// The machine was found off and is being powered on again.
    case restarting
    /// The machine has failed and carries a logical ID: it is being powered off, and described until
    /// that is confirmed.
    case fencing(Failure)
    /// The machine has failed. Nothing is left to do.
    case failed(Failure)
    /// A failed machine that carries a logical ID was found running: it is being powered off.
    case refencing(Failure)
    /// A failed machine is well again and off: it is being powered on, and has its logical ID back.
    case reviving(Failure)
    /// The instance is to go: its machine is being powered off, and described until it is released.
    case stopping
    /// The start has failed and the instance carries a logical ID, which nobody else may get before
    /// the machine is confirmed off.
    case undoing(Failure)
    /// The instance is not described any more, and its machine is being powered off.
    case discarding(Failure)

    /// How far a start has come with the hardware, so that a restart of the daemon knows whose
    /// doing it is that the machine runs.
    public enum StartStep: String, Sendable, Hashable, CaseIterable {
        /// Nothing was changed on the machine yet.
        case claimed = "Claimed"
        /// The machine was found running and is being powered off, as the spec allows.
        case clearing = "Clearing"
        /// The machine was off; from here on, what runs on it is ours.
        case starting = "Starting"
    }

    /// Why and since when a machine is non-functional.
    public struct Failure: Sendable, Hashable {
        public var since: Date
        public var reasons: [String]
        public var cause: Cause

        public init(since: Date, reasons: [String], cause: Cause = .health) {
            self.since = since
            self.reasons = reasons
            self.cause = cause
        }

        public enum Cause: String, Sendable, Hashable, CaseIterable {
            /// Its looks say so: critical, unreachable, off and not to be powered on.
            case health = "Health"
            /// An operator says so; it comes back when the device is uncordoned.
            case replaced = "Replaced"
            /// Another machine stands in its place; it comes back with the claimed one.
            case otherMachine = "OtherMachine"
            /// It could not be started.
            case start = "Start"
        }
    }

    /// What a claim's machine is to be.
    public enum Goal: String, Sendable, Hashable, CaseIterable {
        case run, free
    }
}

extension ClaimState {
    /// What the machine is to be in the end.
    public var goal: Goal {
        switch self {
        case .starting, .running, .restarting, .fencing, .failed, .refencing, .reviving: .run
        case .stopping, .undoing, .discarding: .free
        }
    }

    /// Whether the instance is described, and its device in `active`; else it is in `nonFunctional`.
    public var isDescribed: Bool {
        switch self {
        case .starting, .running, .restarting, .fencing, .stopping, .undoing: true
        case .failed, .refencing, .reviving, .discarding: false
        }
    }

    /// Whether nothing is left to do; else the claim has a reconciler.
    public var isAtRest: Bool {
        switch self {
        case .running, .failed: true
        default: false
        }
    }

    /// Whether an On of ours is to bring the machine up.
    var isPoweringOn: Bool {
        switch self {
        case .starting, .restarting, .reviving: true
        default: false
        }
    }

    /// Whether nobody else of the group may get the claim's logical ID.
    public var holdsLogicalID: Bool {
        switch self {
        case .reviving, .refencing: true
        default: isDescribed
        }
    }

    /// Whether the machine runs, or is to, until something else becomes of the claim.
    var isToRun: Bool {
        switch self {
        case .starting, .running, .restarting, .reviving: true
        case .fencing, .failed, .refencing, .stopping, .undoing, .discarding: false
        }
    }

    /// The case in a word, as state files and people have it: `starting`, `running`, ….
    public var name: String {
        switch self {
        case .starting: "starting"
        case .running: "running"
        case .restarting: "restarting"
        case .fencing: "fencing"
        case .failed: "failed"
        case .refencing: "refencing"
        case .reviving: "reviving"
        case .stopping: "stopping"
        case .undoing: "undoing"
        case .discarding: "discarding"
        }
    }

    /// Why the machine has failed, or its start; nil where nothing has.
    public var failure: Failure? {
        switch self {
        case .starting, .running, .restarting, .stopping: nil
        case .fencing(let failure), .failed(let failure), .refencing(let failure),
            .reviving(let failure), .undoing(let failure), .discarding(let failure):
            failure
        }
    }
}
