internal import Core

extension LoadedState {
    /// Makes what was read of an earlier format what this one says.
    ///
    /// Formats 1 and 2 drew orders from counters of their own. From now on all are drawn from the one
    /// sequence: a claim's order is its number, and a recovered one's is minus its number. So what
    /// there is gets the ranks 1, 2, 3, …, and the sequence goes on behind them.
    /// - Parameter records: all; they are changed.
    mutating func upgrade(_ records: inout [DeviceRecord]) {
        let released = ranks(of: records) { record in
            record.releaseOrder.map { ($0, "\(record.key)") }
        }
        let claimed = ranks(of: records) { record in record.claim.map { ($0.order, $0.id) } }
        for index in records.indices {
            let key = records[index].key
            records[index].releaseOrder = released[key]
            if let rank = claimed[key] { records[index].claim?.order = rank }
            // In the order in which they were given back: what carried an ID later has it on disk.
            records[index].lastCarrier?.sequence = released[key] ?? 0
            carry(&records[index], rank: claimed[key] ?? 0, after: Int64(released.count))
        }
        sequence = max(sequence, UInt64(released.count + claimed.count))
        format = StateDocument.format
    }

    /// Earlier formats noted what a device carried when it was given back, and now it is noted when it
    /// is started.
    private func carry(_ record: inout DeviceRecord, rank: Int64, after released: Int64) {
        guard let claim = record.claim, record.key.deviceName != nil,
            let key = claim.logicalIDKey
        else { return }
        switch claim.state {
        // Nothing of the instance is on its disks yet.
        case .starting(.claimed), .starting(.clearing): return
        default: break
        }
        // A described instance is the only one with its ID, so nobody had it later. A failed one may
        // have a successor that was given back since.
        record.lastCarrier = LastCarrier(
            key: key, sequence: claim.state.holdsLogicalID ? released + rank : 0)
    }

    /// From 1, in the order of what `place` says; records without a place have no rank.
    private func ranks(
        of records: [DeviceRecord], _ place: (DeviceRecord) -> (Int64, String)?
    ) -> [RecordKey: Int64] {
        let places = records.compactMap { record in
            place(record).map { (key: record.key, place: $0) }
        }.sorted { $0.place < $1.place }
        return Dictionary(
            uniqueKeysWithValues: zip(places, 1...).map { ($0.key, Int64($1)) })
    }
}
