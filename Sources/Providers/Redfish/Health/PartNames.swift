/// Names for parts of a kind by which a person finds each in the machine.
enum PartNames {
    /// - Parameters:
    ///   - kind: put before a name that does not say what it is: `Drive 3`.
    ///   - words: what says so, in lower case; `kind` is one of them.
    ///   - candidates: what may name each part, the best first. What two parts share names none.
    static func names(
        _ kind: String, words: [String] = [], _ candidates: [[String?]]
    ) -> [String] {
        let ways = candidates.map(\.count).max() ?? 0
        let way = (0..<ways).first { way in
            let names = candidates.compactMap { $0.indices.contains(way) ? $0[way] : nil }
            let isKnown = !names.contains { $0.lowercased().contains("unknown") }
            return isKnown && names.count == candidates.count && Set(names).count == names.count
        }
        return candidates.enumerated().map { index, names in
            guard let way, let name = names[way], candidates.count > 1 || !isVague(name) else {
                return candidates.count > 1 ? "\(kind) \(index + 1)" : kind
            }
            let lower = name.lowercased()
            let isTelling = ([kind.lowercased()] + words).contains { lower.contains($0) }
            return isTelling ? name : "\(kind) \(name)"
        }
    }

    // The only one of its kind needs no name such as `HpeServerPowerSupply` or `0`.
    private static func isVague(_ name: String) -> Bool {
        !name.contains { $0.isNumber } || name == "0"
    }
}
