internal import Core

/// Which records hold a logical ID, so that no second one gets it.
struct LogicalIDHolders: Sendable {
    // Few IDs have two holders: only those of a state that had them when it was loaded.
    private var holders: [LogicalIDKey: [RecordKey]] = [:]
    /// What stands in the place of that for whoever tries changes out, so that nothing large is copied.
    private var trials: [LogicalIDKey: [RecordKey]]?

    init(_ image: StateImage) {
        for record in image.records { change(nil, record) }
    }

    /// A copy to try changes out on.
    var trial: LogicalIDHolders {
        var trial = self
        trial.trials = [:]
        return trial
    }

    /// Takes note of a record's change.
    mutating func change(_ old: DeviceRecord?, _ new: DeviceRecord?) {
        let (before, after) = (old?.heldLogicalID, new?.heldLogicalID)
        guard before != after else { return }
        if let before, let key = old?.key { set(before, holders(of: before).filter { $0 != key }) }
        if let after, let key = new?.key { set(after, holders(of: after) + [key]) }
    }

    func holders(of id: LogicalIDKey) -> [RecordKey] { trials?[id] ?? holders[id] ?? [] }

    private mutating func set(_ id: LogicalIDKey, _ keys: [RecordKey]) {
        if trials != nil {
            trials?[id] = keys
        } else {
            holders[id] = keys.isEmpty ? nil : keys
        }
    }

    /// Why records can't be put in others' places; nil if they can. After them, an ID has one holder,
    /// or no more than it had.
    func conflict(
        putting new: [DeviceRecord], over old: [DeviceRecord?]
    ) -> StoreError? {
        var changes: [LogicalIDKey: (gained: [RecordKey], lost: Int)] = [:]
        for (new, old) in zip(new, old) {
            let (before, after) = (old?.heldLogicalID, new.heldLogicalID)
            guard before != after else { continue }
            if let before { changes[before, default: ([], 0)].lost += 1 }
            if let after { changes[after, default: ([], 0)].gained.append(new.key) }
        }
        for (id, change) in changes {
            let present = holders(of: id)
            let count = present.count + change.gained.count - change.lost
            guard count > 1, count > present.count else { continue }
            let losing = Set(
                zip(new, old).filter { $1?.heldLogicalID == id && $0.heldLogicalID != id }
                    .map(\.0.key))
            let holder = present.first { !losing.contains($0) } ?? change.gained.first
            if let holder { return .logicalIDHeld(id, by: holder) }
        }
        return nil
    }
}
