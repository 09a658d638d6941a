// Which device is chosen for a spec, and what is said if there is none.
extension PoolTable {
    /// The name of the device that suits a spec best, and is free.
    mutating func choose(
        _ spec: ClaimSpec, _ properties: SpecProperties, excluding excluded: Set<String>
    ) -> String? {
        let entries = entries
        let fits: (String) -> Bool = { name in
            guard let entry = entries[.device(name)], !excluded.contains(name) else { return false }
            return entry.objection(to: properties) == nil
        }
        if let logicalID = spec.logicalID {
            let key = LogicalIDKey(logicalID: logicalID, group: spec.group)
            let wanted = [logicalID, hostnames[logicalID], lastCarriers[key]].compactMap { $0 }
            for name in wanted where isOffered(name, to: properties) && fits(name) { return name }
        }
        if let name = choose(from: \.claimable, spec, properties, fits) { return name }
        return properties.powerOff ? choose(from: \.foreign, spec, properties, fits) : nil
    }

    private func isOffered(_ name: String, to properties: SpecProperties) -> Bool {
        switch entries[.device(name)]?.category {
        case .claimable: true
        case .foreign: properties.powerOff
        default: false
        }
    }

    private mutating func choose(
        from index: WritableKeyPath<PoolTable, ClaimableIndex>, _ spec: ClaimSpec,
        _ properties: SpecProperties, _ fits: (String) -> Bool
    ) -> String? {
        if let label = properties.spread {
            let values = (labelValues[label] ?? []).sorted { left, right in
                let counts = (
                    spread.count(of: spec.group, label: label, value: left),
                    spread.count(of: spec.group, label: label, value: right)
                )
                return (counts.0, left) < (counts.1, right)
            }
            for value in values {
                let key = ClaimableIndex.Key.label(label, value: value)
                if let found = self[keyPath: index].first(under: key, where: fits) {
                    return found.name
                }
            }
        }
        let labels = properties.selector.map { ClaimableIndex.Key.label($0.key, value: $0.value) }
        let counts = labels.map { ($0, self[keyPath: index].count(of: $0)) }
        if let narrowest = counts.min(by: { $0.1 < $1.1 }) {
            return self[keyPath: index].first(under: narrowest.0, where: fits)?.name
        }
        guard !properties.require.isEmpty else {
            return self[keyPath: index].first(under: .all, where: fits)?.name
        }
        return chooseByKind(from: index, properties.require, fits)
    }

    // Kinds that are known to do come before machines that were not looked at yet.
    private mutating func chooseByKind(
        from index: WritableKeyPath<PoolTable, ClaimableIndex>, _ require: Requirement,
        _ fits: (String) -> Bool
    ) -> String? {
        var best: (name: String, order: Int64)?
        for case let kind? in self[keyPath: index].kinds
        where require.objection(to: kind.facts) == nil {
            guard let found = self[keyPath: index].first(under: .made(kind), where: fits) else {
                continue
            }
            if best.map({ found.order < $0.order }) ?? true { best = found }
        }
        return best?.name ?? self[keyPath: index].first(under: .made(nil), where: fits)?.name
    }

    // A few are named with what ails them; with many, `rackpool devices` has the list.
    private var complaints: String {
        guard sick.count <= 3 else { return "" }
        let texts = sick.sorted().map { name in
            entries[.device(name)]?.observation?.reasons.first.map { "\(name): \($0)" } ?? name
        }
        return " (\(texts.joined(separator: "; ")))"
    }

    /// Why no device was chosen.
    func refusal(_ properties: SpecProperties, excluding excluded: Set<String>)
        -> PlacementError
    {
        func count(_ category: Category) -> Int { counts[category] ?? 0 }
        var reasons: [String] = []
        for (category, text) in [
            (Category.claimed, "claimed"), (.nonFunctional, "non-functional"),
            (.cordoned, "cordoned"), (.held, "being switched by an operator"),
            (.twin, "listed twice (one machine behind two devices)"),
            (.refused, "whose BMC refuses us (credentials or certificate)"),
        ] where count(category) > 0 {
            reasons.append("\(count(category)) \(text)")
        }
        if !sick.isEmpty { reasons.append("\(sick.count) in bad health\(complaints)") }
        if count(.foreign) > 0, !properties.powerOff {
            reasons.append("\(count(.foreign)) running something else (see PowerOff)")
        }
        var objections: [String: Int] = [:]
        var tried = 0
        let offered = Array(claimable.names) + (properties.powerOff ? Array(foreign.names) : [])
        for name in offered {
            if excluded.contains(name) {
                tried += 1
            } else if let entry = entries[.device(name)], let text = entry.objection(to: properties)
            {
                objections[text, default: 0] += 1
            }
        }
        if tried > 0 { reasons.append("\(tried) tried in vain") }
        reasons += objections.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            "\($0.value) \($0.key)"
        }
        let total = counts.reduce(0) { $0 + ($1.key == .unlisted ? 0 : $1.value) }
        return .noDevice(total: total, reasons: reasons)
    }
}
