internal import Yams

/// A YAML node and its place in the inventory.
struct InventoryValue {
    let node: Node
    let place: InventoryPlace

    init(_ node: Node, path: String) {
        self.node = node
        place = InventoryPlace(
            line: node.mark?.line ?? 0, column: node.mark?.column ?? 0, path: path)
    }

    /// Whether nothing was given (YAML 1.2.2, 10.3.2): `~`, `null` or no text at all, unquoted.
    var isNull: Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// What was found, for a sentence that says what was expected instead.
    var typeName: String {
        switch node {
        case .scalar, .alias: isNull ? "nothing" : "a string"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
