import Core

/// What an inventory lists, counted: a person sees whether it is what was meant.
enum InventorySummary {
    /// More values of one label than this are counted, not named.
    private static let mostValues = 20

    static func lines(of inventory: Inventory) -> [String] {
        let devices = inventory.devices
        let bmcs = Set(devices.map(\.bmc)).count
        let providers = counts(devices.map(\.provider))
        let first = "\(devices.count) devices behind \(bmcs) BMCs: \(providers)"
        let labels = Set(devices.flatMap(\.labels.keys)).sorted().map { label in
            "\(label): \(counts(devices.map { $0.labels[label] ?? "(without)" }))"
        }
        return [first] + labels
    }

    private static func counts(_ values: [String]) -> String {
        let counts = Dictionary(grouping: values) { $0 }.mapValues(\.count)
        guard counts.count <= mostValues else { return "\(counts.count) different values" }
        return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            .joined(separator: ", ")
    }
}
