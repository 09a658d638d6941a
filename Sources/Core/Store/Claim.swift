public import Foundation

/// The durable record that a device belongs to an instance.
public struct Claim: Sendable, Hashable {
    /// The instance's ID; see ``InstanceID``.
    public let id: String
    /// What InfraKit asked for.
    public var spec: ClaimSpec
    public var phase: Phase
    /// When the claim was made; nil for one adopted from InfraKit-Instance-C.
    public var claimedAt: Date?
    /// The place in its array: a smaller number stands nearer to the front.
    public var order: Int64
    /// Why the device is non-functional; nil while it is in `active`.
    public var failure: Failure?

    public init(
        id: String, spec: ClaimSpec, phase: Phase, claimedAt: Date?, order: Int64,
        failure: Failure? = nil
    ) {
        self.id = id
        self.spec = spec
        self.phase = phase
        self.claimedAt = claimedAt
        self.order = order
        self.failure = failure
    }

    /// How far an instance has come.
    public enum Phase: Sendable, Hashable {
        case provisioning(ProvisioningStep)
        case active
        case releasing
    }

    /// How far a provision has come with the hardware, so that a restart knows whose doing it is
    /// that the device runs.
    public enum ProvisioningStep: String, Sendable, Hashable {
        /// Nothing was changed on the device yet.
        case claimed = "Claimed"
        /// The device was found running and is being powered off, as the spec allows.
        case clearing = "Clearing"
        /// The device was off; from here on, what runs on it is ours.
        case starting = "Starting"
    }

    /// Why and since when a device is non-functional.
    public struct Failure: Sendable, Hashable {
        public var since: Date
        public var reasons: [String]

        public init(since: Date, reasons: [String]) {
            self.since = since
            self.reasons = reasons
        }
    }

    /// Whether the claim's place is `nonFunctional` and not `active`.
    public var isNonFunctional: Bool { failure != nil }

    /// The group that InfraKit counts the instance to (the tag `infrakit.group`).
    public var group: String? { spec.group }
}

/// What InfraKit asked for, as it asked.
public struct ClaimSpec: Sendable, Hashable {
    /// The spec's `Properties`, unchanged; see ``SpecProperties``.
    public var properties: JSON
    public var tags: [String: String]
    /// The spec's `Init`: kept for the booting server.
    public var initScript: String
    public var logicalID: String?
    /// The spec's `Attachments`, unchanged.
    public var attachments: JSON

    public init(
        properties: JSON = .null, tags: [String: String] = [:], initScript: String = "",
        logicalID: String? = nil, attachments: JSON = .null
    ) {
        self.properties = properties
        self.tags = tags
        self.initScript = initScript
        self.logicalID = logicalID
        self.attachments = attachments
    }

    /// The group that InfraKit counts the instance to (the tag `infrakit.group`).
    public var group: String? { tags["infrakit.group"] }
}
