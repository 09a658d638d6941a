internal import Core

/// Commits that are to be written together, over what is durable.
struct StateBatch {
    private let image: StateImage
    private var holders: LogicalIDHolders
    private var last: UInt64
    /// What becomes of records; nothing that is kept for one that is removed.
    private(set) var changed: [RecordKey: DeviceRecord] = [:]

    /// - Parameter last: the number of the last change that is durable.
    init(image: StateImage, holders: LogicalIDHolders, last: UInt64) {
        self.image = image
        self.holders = holders
        self.last = last
    }

    /// Takes a commit in that was checked.
    /// - Returns: the number of its change, which is its records' revision.
    mutating func add(_ change: StateChange) -> UInt64 {
        last += 1
        for put in change.puts {
            let record = put.record(at: last)
            holders.change(present(record.key), record)
            changed[record.key] = record
        }
        return last
    }

    /// Whether a commit may be written.
    /// - Throws: ``StoreError/conflict(_:)``, ``StoreError/logicalIDHeld(_:by:)``.
    func check(_ change: StateChange) throws(StoreError) {
        var keys: Set<RecordKey> = []
        for put in change.puts {
            let key = put.record.key
            guard keys.insert(key).inserted,
                put.record.revision == present(key)?.revision ?? 0
            else { throw .conflict(key) }
        }
        let conflict = holders.conflict(
            putting: change.puts.map(\.record), over: change.puts.map { present($0.record.key) })
        if let conflict { throw conflict }
    }

    /// Whether a commit ends claims, or brings their end on, and begins none.
    func endsClaim(_ change: StateChange) -> Bool {
        let beginsNone = change.puts.allSatisfy { put in
            put.record.claim.map { $0.state.goal == .free } ?? true
        }
        return beginsNone && change.puts.contains { present($0.record.key)?.claim != nil }
    }

    private func present(_ key: RecordKey) -> DeviceRecord? {
        guard let record = changed[key] else { return image[key] }
        return record.kept
    }
}
