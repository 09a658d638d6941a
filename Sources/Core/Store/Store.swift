/// Where a pool's records survive a crash.
///
/// The unit of writing is a commit: some records, compared and swapped together. What a call has
/// returned from is durable. All calls may be made concurrently.
public protocol Store: Sendable {
    /// Everything that is stored. Called once, before any change.
    func load() async throws(StoreError) -> StoredPool

    /// What other programs have changed.
    /// - Parameter revision: up to where changes are known.
    /// - Returns: the records that are new, changed, or (blank) gone since; nil from a store that
    ///   only this process can change.
    func changes(after revision: UInt64) async throws(StoreError) -> StoredPool?

    /// Replaces records, all or none.
    ///
    /// - Returns: the revision at which the records stand from now on; it is higher than any before.
    /// - Throws: ``StoreError/conflict(_:)`` if a record is at another revision than the one that is
    ///   replaced; ``StoreError/logicalIDHeld(_:by:)`` if two records would hold one logical ID
    ///   (``DeviceRecord/heldLogicalID``); any other error means that nothing was changed.
    func commit(_ commit: StoreCommit) async throws(StoreError) -> UInt64

    /// Ends the use of the store, after all changes so far.
    func close() async
}

/// Some records that are written together.
public struct StoreCommit: Sendable, Hashable {
    /// The new content of records, each with the ``DeviceRecord/revision`` that it replaces: 0 if
    /// there must be none. A blank one is removed.
    public var puts: [DeviceRecord]
    /// The highest number that was ever drawn (IDs and orders are made of it). Where it is lower
    /// than what is stored, that stays.
    public var sequence: UInt64

    public init(puts: [DeviceRecord], sequence: UInt64) {
        self.puts = puts
        self.sequence = sequence
    }
}

/// What a store holds.
public struct StoredPool: Sendable {
    public var records: [DeviceRecord]
    /// The highest number that was ever drawn.
    public var sequence: UInt64
    /// The revision of the last commit; 0 before the first.
    public var revision: UInt64

    public init(records: [DeviceRecord], sequence: UInt64, revision: UInt64) {
        self.records = records
        self.sequence = sequence
        self.revision = revision
    }
}

/// Why a store did not do what it was asked.
public enum StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The record was changed by somebody else meanwhile.
    case conflict(RecordKey)
    /// Another record holds the logical ID.
    case logicalIDHeld(LogicalIDKey, by: RecordKey)
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
        case .logicalIDHeld(let id, let key):
            "logical ID \(id.logicalID)\(id.group.map { " of group \($0)" } ?? "") is held by"
                + " \(key) already"
        case .unreadable(let text), .locked(let text), .failed(let text): text
        case .closed: "the state store is closed, for the daemon is stopping"
        }
    }
}
