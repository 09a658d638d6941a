/// What is wrong with an inventory beside its mistakes, each with its place: changes that would tear
/// claims from their machines, one server listed twice.
struct InventoryFaults: Error, CustomStringConvertible {
    let lines: [String]

    var description: String { lines.joined(separator: "\n") }
}
