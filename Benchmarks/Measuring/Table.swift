import Foundation

/// A table for the terminal that is Markdown, too.
struct Table {
    private var rows: [[String]]

    init(_ titles: [String]) {
        rows = [titles]
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    /// Prints it; the first column stands to the left, figures to the right.
    func print() {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for (number, row) in rows.enumerated() {
            let cells = zip(row, widths).enumerated().map { column, cell in
                let (text, width) = cell
                let space = String(repeating: " ", count: width - text.count)
                return column == 0 ? text + space : space + text
            }
            Swift.print("| " + cells.joined(separator: " | ") + " |")
            if number == 0 {
                let lines = widths.enumerated().map { column, width in
                    String(repeating: "-", count: column == 0 ? width : max(width - 1, 1))
                        + (column == 0 ? "" : ":")
                }
                Swift.print("| " + lines.joined(separator: " | ") + " |")
            }
        }
        fflush(nil)
    }
}

extension Double {
    /// With so many digits after the point.
    func text(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

extension Int {
    /// With commas between the thousands.
    var text: String {
        let digits = Array(String(self))
        return digits.enumerated().reduce(into: "") { text, digit in
            if digit.offset > 0, (digits.count - digit.offset).isMultiple(of: 3) { text += "," }
            text.append(digit.element)
        }
    }
}
