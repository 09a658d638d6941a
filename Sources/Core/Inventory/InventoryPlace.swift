/// A place in an inventory file.
struct InventoryPlace: Hashable, Sendable {
    /// From 1; 0 means the file as a whole.
    var line = 0
    /// From 1; 0 means the file as a whole.
    var column = 0
    /// See ``InventoryMistake/path``.
    var path = ""

    /// The place at which a missing `key` would be told: the mapping's own, with the key's path.
    func missing(_ key: String) -> InventoryPlace {
        InventoryPlace(line: line, column: column, path: path.isEmpty ? key : "\(path).\(key)")
    }
}

/// A value and the place that it came from.
struct Placed<Value: Sendable>: Sendable {
    let value: Value
    let place: InventoryPlace
}
