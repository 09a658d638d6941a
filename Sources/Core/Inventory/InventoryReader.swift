internal import Yams

/// Reads an inventory's YAML tree and gathers all mistakes on the way.
struct InventoryReader {
    /// The keys at the top.
    static let keys = ["defaults", "devices"]

    let file: String
    let environment: [String: String]
    let providers: [String]
    let limits: InventoryLimits
    var files: InventoryFiles
    var register = DeviceRegister()
    var defaults = InventoryEntry()
    var devices: [Device] = []
    /// How many names, and how many texts of all keys, ranges stand for so far.
    var nameCount = 0
    var textCount = 0
    /// Whether a secret stands in the inventory itself.
    var holdsSecret = false
    private var mistakes: Set<InventoryMistake> = []

    init(
        file: String, environment: [String: String], providers: [String],
        limits: InventoryLimits = InventoryLimits()
    ) {
        self.file = file
        self.limits = limits
        self.environment = environment
        self.providers = providers
        files = InventoryFiles(besides: file)
    }

    /// Reads the tree under `root` into ``devices``.
    mutating func read(_ root: Node) {
        let top = InventoryValue(root, path: "")
        guard let members = members(of: top, expecting: Self.keys) else { return }
        if let value = members["defaults"] {
            defaults = entry(value, keys: InventoryEntry.defaultKeys)
            for (key, label) in defaults.labels where hostList(label)?.hasRange == true {
                report("a range has no place in defaults", at: label.place)
                defaults.labels[key] = nil
            }
        }
        guard let list = members["devices"], !list.isNull else {
            report("at least one device is needed", at: top.place.missing("devices"))
            return
        }
        guard case .sequence(let items) = list.node else {
            report("expected a list, found \(list.typeName)", at: list.place)
            return
        }
        if items.isEmpty { report("at least one device is needed", at: list.place) }
        for (index, item) in items.enumerated() {
            let value = InventoryValue(item, path: "devices[\(index)]")
            guard !value.isNull else {
                report("expected a mapping, found nothing", at: value.place)
                continue
            }
            expand(entry(value, keys: InventoryEntry.keys))
        }
    }

    /// Notes a mistake; the same one at the same place counts once.
    mutating func report(_ message: String, at place: InventoryPlace) {
        mistakes.insert(InventoryMistake(file: file, place: place, message: message))
    }

    /// The devices read.
    /// - Throws: all mistakes, if there are any.
    func finish() throws(InventoryError) -> [Device] {
        guard !mistakes.isEmpty else { return devices }
        throw InventoryError(
            mistakes: mistakes.sorted {
                ($0.line, $0.column, $0.path, $0.message) < (
                    $1.line, $1.column, $1.path, $1.message
                )
            })
    }
}
