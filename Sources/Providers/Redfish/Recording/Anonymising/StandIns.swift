/// Which stand-in each original has. Stand-ins are counted, so that an original can't be found by
/// trying which one gives a stand-in.
struct StandIns: Sendable {
    private struct Key: Hashable {
        let kind: IdentityKind
        let folded: String
    }

    private var known: [Key: String] = [:]
    private var counts: [IdentityKind: Int] = [:]
    /// What is replaced wherever it stands, by its folded form.
    private(set) var everywhere: [String: String] = [:]
    /// Words, in lower case, that have another meaning in the recording, so that they are replaced
    /// only where they are the value of their own property.
    private let vocabulary: Set<String>

    init(vocabulary: Set<String> = []) {
        self.vocabulary = vocabulary
    }

    /// The stand-in for the whole value of a property.
    func standIn(for original: String, _ kind: IdentityKind) -> String? {
        known[Self.key(original, kind)]
    }

    /// Takes note of an original, in the order in which the recording is walked.
    mutating func add(_ original: String, _ kind: IdentityKind) {
        let key = Self.key(original, kind)
        guard known[key] == nil else { return }
        // The first kind that a value is seen as decides, so that it is one thing everywhere.
        if let given = everywhere[key.folded] ?? everywhere[original.lowercased()] {
            known[key] = given
            return
        }
        let number = (counts[kind] ?? 0) + 1
        counts[kind] = number
        let standIn = kind.standIn(number, for: original)
        known[key] = standIn
        guard isTelling(original, kind) else { return }
        if kind == .macAddress {
            addSpellings(of: original, number)
        } else {
            everywhere[original.lowercased()] = standIn
        }
    }

    /// A MAC address is written with colons, dashes, escaped colons or nothing between.
    private mutating func addSpellings(of original: String, _ number: Int) {
        let digits = original.lowercased().filter(\.isHexDigit)
        let standIn = IdentityKind.macAddress.standIn(number, for: "00").filter(\.isHexDigit)
        for separator in [":", "-", "%3a", ""] {
            everywhere[Self.grouped(digits, separator)] = Self.grouped(standIn, separator)
        }
    }

    private static func grouped(_ digits: String, _ separator: String) -> String {
        var groups: [Substring] = []
        var rest = digits[...]
        while !rest.isEmpty {
            groups.append(rest.prefix(2))
            rest = rest.dropFirst(2)
        }
        return groups.joined(separator: separator)
    }

    private static func key(_ original: String, _ kind: IdentityKind) -> Key {
        let folded = original.lowercased()
        return Key(kind: kind, folded: kind == .macAddress ? folded.filter(\.isHexDigit) : folded)
    }

    // Names that every service has, and what stands for no name at all.
    private static let common: Set = [
        "admin", "administrator", "anonymous", "asset tag", "default", "default string", "empty",
        "guest", "host", "localhost", "no asset tag", "none", "not applicable", "not available",
        "not specified", "null", "operator", "readonly", "root", "server", "system", "unknown",
        "user",
    ]

    // Short values are parts of other words.
    private func isTelling(_ original: String, _ kind: IdentityKind) -> Bool {
        if kind == .ipv4 || kind == .ipv6 { return true }
        let folded = original.lowercased()
        if kind == .serialNumber, !original.contains(where: \.isNumber) { return false }
        return original.utf8.count >= TextReplacer.shortest && !Self.common.contains(folded)
            && !vocabulary.contains(folded)
    }
}
