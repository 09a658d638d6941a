public import Foundation

/// What a store keeps about one device: the unit that is written, and compared and swapped, as a
/// whole.
public struct DeviceRecord: Sendable, Hashable {
    public let key: RecordKey
    /// Counts the record's changes; 0 means that the store has no such record.
    public var version: UInt64
    public var claim: Claim?
    /// The logical ID that the device carried last: its disks still hold it.
    public var lastLogicalID: String?
    /// The operator's mark that keeps the device from being claimed.
    public var cordon: Cordon?
    /// Orders released devices at the end of `available`; nil for one that was never claimed.
    public var releaseOrder: Int64?
    /// Members that another program wrote beside ours; they are kept.
    public var others: JSONObject

    public init(
        key: RecordKey, version: UInt64 = 0, claim: Claim? = nil, lastLogicalID: String? = nil,
        cordon: Cordon? = nil, releaseOrder: Int64? = nil, others: JSONObject = [:]
    ) {
        self.key = key
        self.version = version
        self.claim = claim
        self.lastLogicalID = lastLogicalID
        self.cordon = cordon
        self.releaseOrder = releaseOrder
        self.others = others
    }

    /// Whether the record says nothing, so that a store need not keep it.
    public var isBlank: Bool {
        claim == nil && lastLogicalID == nil && cordon == nil && releaseOrder == nil
            && others.isEmpty
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
