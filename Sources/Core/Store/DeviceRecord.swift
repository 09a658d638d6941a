public import Foundation

/// What a store keeps about one device: the unit that is written, and compared and swapped, as a
/// whole.
public struct DeviceRecord: Sendable, Hashable {
    public let key: RecordKey
    /// The store's revision at which the record was written; 0 means that the store has no such
    /// record.
    public var revision: UInt64
    /// The machine that the record is about; nil if nobody has noted it (as in records of format 2).
    public var machine: Machine?
    public var claim: Claim?
    /// The logical ID that the machine's disks hold.
    public var lastCarrier: LastCarrier?
    /// The operator's mark that keeps the device from being claimed.
    public var cordon: Cordon?
    /// Orders released devices at the end of `available`; nil for one that was never claimed.
    public var releaseOrder: Int64?
    /// When an operator's command that leads to On was last about to be sent to the machine while
    /// nobody claimed it, if it was not seen to act: it may do so yet, and until then the device is
    /// not claimed.
    public var unconfirmedOn: Date?
    /// Members that another program wrote beside ours; they are kept.
    public var others: JSONObject

    public init(
        key: RecordKey, revision: UInt64 = 0, machine: Machine? = nil, claim: Claim? = nil,
        lastCarrier: LastCarrier? = nil, cordon: Cordon? = nil, releaseOrder: Int64? = nil,
        unconfirmedOn: Date? = nil, others: JSONObject = [:]
    ) {
        self.key = key
        self.revision = revision
        self.machine = machine
        self.claim = claim
        self.lastCarrier = lastCarrier
        self.cordon = cordon
        self.releaseOrder = releaseOrder
        self.unconfirmedOn = unconfirmedOn
        self.others = others
    }

    /// Whether the record says nothing, so that a store need not keep it. Which machine it would be
    /// about is nothing by itself.
    public var isBlank: Bool {
        claim == nil && lastCarrier == nil && cordon == nil && releaseOrder == nil
            && unconfirmedOn == nil && others.isEmpty
    }

    /// The logical ID that nobody else may have while the record is as it is.
    public var heldLogicalID: LogicalIDKey? {
        guard let claim, claim.state.holdsLogicalID else { return nil }
        return claim.logicalIDKey
    }

    /// Whether a program for people, or a store's check, would call two records the same but for
    /// when they were written.
    public func hasSameContent(as other: DeviceRecord) -> Bool {
        var other = other
        other.revision = revision
        return self == other
    }
}

/// The logical ID that was started on a machine last: its disks hold what that left there.
public struct LastCarrier: Sendable, Hashable {
    public var key: LogicalIDKey
    /// The store's sequence number when it was started: of two machines that carried a logical ID,
    /// the one with the higher number was the last.
    public var sequence: Int64

    public init(key: LogicalIDKey, sequence: Int64) {
        self.key = key
        self.sequence = sequence
    }
}

/// Names a record: a device, or an instance that names no device (adopted from a file that
/// InfraKit-Instance-C wrote).
public enum RecordKey: Sendable, Hashable {
    case device(String)
    case orphan(instance: String)

    /// The device's name, or nil for an instance without one.
    public var deviceName: String? {
        if case .device(let name) = self { name } else { nil }
    }
}

/// An operator's mark that keeps a device from being claimed.
public struct Cordon: Sendable, Hashable {
    public var since: Date
    public var reason: String?

    public init(since: Date, reason: String? = nil) {
        self.since = since
        self.reason = reason
    }
}
