import Core

/// Lays rows out in columns. What others wrote into a cell stays in it.
enum TextTable {
    /// The rows as lines: every column but the last is as wide as its widest cell.
    static func lines(_ rows: [[String]]) -> [String] {
        let rows = rows.map { $0.map(\.printable) }
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }.joined(separator: "  ")
        }
    }
}
