/// One thing that is wrong with an inventory, and where.
public struct InventoryMistake: Hashable, Sendable, CustomStringConvertible {
    /// The file as it was named by whoever asked for it.
    public let file: String
    /// The line, from 1; 0 if the file as a whole is meant.
    public let line: Int
    /// The column in Unicode scalars, from 1; 0 if the file as a whole is meant.
    public let column: Int
    /// The way to the value: `devices[3].bmc`, the first device being 0; empty for the top.
    public let path: String
    /// What is wrong and what would be right. Holds no secret.
    public let message: String

    init(file: String, place: InventoryPlace, message: String) {
        self.file = file
        line = place.line
        column = place.column
        path = place.path
        self.message = message
    }

    /// `inventory.yaml:14: devices[3].bmc: …`
    public var description: String {
        let start = line > 0 ? "\(file):\(line): " : "\(file): "
        return start + (path.isEmpty ? message : "\(path): \(message)")
    }
}
