/// Where a pool's records survive a crash.
///
/// The unit is one device's record, changed by compare-and-swap on its version. What a call has
/// returned from is durable. All calls may be made concurrently.
public protocol Store: Sendable {
    /// Everything that is stored. Called once, before any change.
    func load() async throws(StoreError) -> StoredPool

    /// Replaces a record, or removes it if the new one is blank.
    /// - Parameters:
    ///   - record: the new content; its version is `version + 1`.
    ///   - version: the version of the record that is replaced; 0 if there is none.
    /// - Throws: ``StoreError/conflict(_:)`` if the stored version is another; any other error means
    ///   that nothing was changed.
    func write(_ record: DeviceRecord, replacing version: UInt64) async throws(StoreError)

    /// A number that was never returned before, by this process or an earlier one. It is durable
    /// no later than the next record that is written.
    func nextSequence() async throws(StoreError) -> UInt64

    /// Ends the use of the store, after all changes so far.
    func close() async
}

/// What a store held at the start.
public struct StoredPool: Sendable {
    public var records: [DeviceRecord]

    public init(records: [DeviceRecord]) {
        self.records = records
    }
}

/// Why a store did not do what it was asked.
public enum StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The record was changed by somebody else meanwhile.
    case conflict(RecordKey)
    /// The stored state makes no sense; it was left as it is.
    case unreadable(String)
    /// Another process uses the store.
    case locked(String)
    /// The system refused; nothing was changed.
    case failed(String)
    case closed

    public var description: String {
        switch self {
        case .conflict(let key): "the record of \(key) was changed by another program meanwhile"
        case .unreadable(let text), .locked(let text), .failed(let text): text
        case .closed: "the state store is closed, for the daemon is stopping"
        }
    }
}
