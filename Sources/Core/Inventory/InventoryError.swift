/// Why an inventory is refused: everything that is wrong with it.
public struct InventoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The mistakes, at least one, in the order of their places.
    public let mistakes: [InventoryMistake]

    /// The mistakes, one a line.
    public var description: String {
        mistakes.map(\.description).joined(separator: "\n")
    }
}
