internal import Core

/// The records of a state in memory.
///
/// A copy costs next to nothing: what is changed after the copy was made is copied then, a small part
/// at a time, so that a file can be written from one copy while another goes on changing.
struct StateImage: Sendable {
    private var shards: [[RecordKey: Stored]]

    /// A record in a place of its own, so that a part of the image is copied without its records.
    private final class Stored: Sendable {
        let record: DeviceRecord

        init(_ record: DeviceRecord) {
            self.record = record
        }
    }

    private static let shardCount = 256

    init(_ records: some Sequence<DeviceRecord> = EmptyCollection()) {
        let expected = records.underestimatedCount / Self.shardCount
        shards = (0..<Self.shardCount).map { _ in Dictionary(minimumCapacity: expected) }
        for record in records { set(record) }
    }

    /// All records, in no order.
    var records: [DeviceRecord] {
        var records: [DeviceRecord] = []
        records.reserveCapacity(count)
        for shard in shards {
            for stored in shard.values { records.append(stored.record) }
        }
        return records
    }

    /// What a body makes of each record, in no order; no copy of the records is made.
    func compactMap<Value>(_ body: (DeviceRecord) -> Value?) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for shard in shards {
            for stored in shard.values { body(stored.record).map { values.append($0) } }
        }
        return values
    }

    var count: Int { shards.reduce(0) { $0 + $1.count } }

    /// The record of a device; nil if there is none.
    subscript(key: RecordKey) -> DeviceRecord? {
        shards[Self.shard(of: key)][key]?.record
    }

    /// The revision of a record; 0 if there is none.
    func revision(of key: RecordKey) -> UInt64 {
        self[key]?.revision ?? 0
    }

    /// Takes a record over, or forgets it if nothing of it is kept.
    mutating func set(_ record: DeviceRecord) {
        shards[Self.shard(of: record.key)][record.key] = record.kept.map(Stored.init)
    }

    private static func shard(of key: RecordKey) -> Int {
        Int(UInt(bitPattern: key.hashValue) % UInt(shardCount))
    }
}
