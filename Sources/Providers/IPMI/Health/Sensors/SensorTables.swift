internal import Locking

/// Keeps one of equal sensor tables, so that thousands of machines of a model share theirs.
final class SensorTables: Sendable {
    // Far more than there are models and firmware versions in a pool.
    private static let limit = 1024

    private let tables = Mutex<Set<SensorTable>>([])

    init() {}

    /// The table equal to `table` that came first.
    func shared(_ table: SensorTable) -> SensorTable {
        tables.withLock { tables in
            if tables.count >= Self.limit { tables.removeAll() }
            return tables.insert(table).memberAfterInsert
        }
    }
}
