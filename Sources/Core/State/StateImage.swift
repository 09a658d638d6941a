/// The content of a state file in memory, each record beside its encoded form, so that writing the
/// file is copying bytes.
struct StateImage: Sendable {
    private var records: [RecordKey: Item] = [:]
    private var others: JSONObject = [:]

    private struct Item {
        let version: UInt64
        /// The line in `Instances` or `NonFunctional`.
        let line: (isNonFunctional: Bool, order: Int64, id: String, bytes: [UInt8])?
        let mark: JSON?
    }

    init() {}

    init(_ document: StateDocument) {
        others = document.others
        for record in document.records { set(record) }
    }

    func version(of key: RecordKey) -> UInt64 {
        records[key]?.version ?? 0
    }

    mutating func set(_ record: DeviceRecord) {
        guard !record.isBlank else {
            records[record.key] = nil
            return
        }
        let line = record.claim.map { claim in
            (
                isNonFunctional: claim.isNonFunctional, order: claim.order, id: claim.id,
                bytes: StateDocument.entry(of: claim, record: record).encoded()
            )
        }
        records[record.key] = Item(
            version: record.version, line: line, mark: StateDocument.mark(of: record))
    }

    /// The whole file.
    func encoded(sequence: UInt64) -> [UInt8] {
        let marks = records.compactMap { key, item in
            item.mark.flatMap { mark in key.deviceName.map { (name: $0, mark: mark) } }
        }
        var bytes = StateDocument.head(
            sequence: sequence, marks: marks.sorted { $0.name < $1.name }, others: others)
        let lines = records.values.compactMap(\.line).sorted {
            ($0.order, $0.id) < ($1.order, $1.id)
        }
        for (title, isNonFunctional, end) in [
            (#""Instances":["#, false, "],\n"), (#""NonFunctional":["#, true, "]}\n"),
        ] {
            bytes += Array(title.utf8)
            var isFirst = true
            for line in lines where line.isNonFunctional == isNonFunctional {
                bytes += Array((isFirst ? "\n" : ",\n").utf8)
                isFirst = false
                bytes += line.bytes
            }
            bytes += Array((isFirst ? "" : "\n").utf8)
            bytes += Array(end.utf8)
        }
        return bytes
    }
}
