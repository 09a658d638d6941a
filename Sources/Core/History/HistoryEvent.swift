public import Foundation

/// Something that happened to a device, and why.
public struct HistoryEvent: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case claimed, started, released, failed, recovered, restarted, cordoned, uncordoned, foreign
        /// The inventory has another name for the machine.
        case renamed
        /// An operator ended a claim whose machine is gone.
        case forgotten
        /// By an operator.
        case switched
    }

    public let date: Date
    public let device: String
    public let instance: String?
    public let kind: Kind
    /// At most 1,024 bytes.
    public let cause: String

    public init(date: Date, device: String, instance: String?, kind: Kind, cause: String) {
        self.date = date
        self.device = device
        self.instance = instance
        self.kind = kind
        self.cause = cause.cut(to: 1024)
    }
}

/// Keeps what happened to devices.
public protocol HistoryKeeping: Sendable {
    /// Keeps an event. Returns at once; a keeper that writes to disk does so soon after.
    func append(_ event: HistoryEvent)

    /// The events of a device that are still kept, the last last.
    func events(of device: String) -> [HistoryEvent]
}
