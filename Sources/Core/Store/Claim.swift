public import Foundation

/// The durable record that a machine belongs to an instance.
public struct Claim: Sendable, Hashable {
    /// The instance's ID; see ``InstanceID``.
    public let id: String
    /// What InfraKit asked for.
    public var spec: ClaimSpec
    public var state: ClaimState
    /// When the claim was made; nil for one adopted from InfraKit-Instance-C.
    public var claimedAt: Date?
    /// The place in its array: a smaller number stands nearer to the front.
    public var order: Int64
    public var power: SentPower

    public init(
        id: String, spec: ClaimSpec, state: ClaimState, claimedAt: Date?, order: Int64,
        power: SentPower = SentPower()
    ) {
        self.id = id
        self.spec = spec
        self.state = state
        self.claimedAt = claimedAt
        self.order = order
        self.power = power
    }

    /// The group that InfraKit counts the instance to (the tag `infrakit.group`).
    public var group: String? { spec.group }

    /// The logical ID with its group; nil for an instance that may live on any machine.
    public var logicalIDKey: LogicalIDKey? {
        spec.logicalID.map { LogicalIDKey(logicalID: $0, group: spec.group) }
    }
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

    /// The hash of the configuration that the instance was made from: the tag
    /// `infrakit.config.hash`, in older releases `infrakit.config_sha`. Nil without one, and for
    /// `bootstrap`, in whose place InfraKit labels the instance later.
    public var configurationHash: String? {
        let hash = tags["infrakit.config.hash"] ?? tags["infrakit.config_sha"]
        return hash == "bootstrap" ? nil : hash
    }
}

/// A logical ID within its group: two groups may use the same one.
public struct LogicalIDKey: Hashable, Sendable {
    public let logicalID: String
    public let group: String?

    public init(logicalID: String, group: String?) {
        self.logicalID = logicalID
        self.group = group
    }
}
