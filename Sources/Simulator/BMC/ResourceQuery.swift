internal import Core

/// The query parameters that shape an answer (DSP0266, "Query parameters").
struct ResourceQuery {
    private enum Expansion {
        /// `.`: subordinate resources, not those under `Links`.
        case subordinate
        /// `~`: only those under `Links`.
        case links
        /// `*`: all.
        case all
    }

    private var expansion: Expansion?
    private var levels = 1
    private var selected: [String]?

    /// - Throws: the 501 that is due for a `$` parameter that the service doesn't take
    ///   (DSP0266, "Query parameters"); parameters without `$` are ignored.
    init(_ query: String, supported: QuerySupport) throws(Refusal) {
        for parameter in query.split(separator: "&") where parameter.hasPrefix("$") {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            let value = parts.count == 2 ? String(parts[1]) : ""
            switch parts[0] {
            case "$expand" where supported.expand: try takeExpansion(value, supported)
            case "$select" where supported.select:
                selected = value.split(separator: ",").map(String.init)
            default: throw .unsupportedQuery(String(parameter))
            }
        }
    }

    func apply(to resource: JSON, lookup: (String) -> JSON?) -> JSON {
        var answer = resource
        if expansion != nil {
            answer = expanded(resource, levels: levels, isTop: true, inLinks: false, lookup)
        }
        if let selected, let object = answer.object {
            answer = .object(
                JSONObject(
                    object.filter { selected.contains($0.key) || $0.key.hasPrefix("@odata.") }
                        .map { ($0.key, $0.value) }))
        }
        return answer
    }

    // `.`, `.($levels=1)`
    private mutating func takeExpansion(
        _ value: String, _ supported: QuerySupport
    ) throws(Refusal) {
        switch value.first {
        case ".": expansion = .subordinate
        case "~": expansion = .links
        case "*": expansion = .all
        default: throw .unsupportedQuery("$expand=\(value)")
        }
        let option = value.dropFirst()
        if option.isEmpty { return }
        guard option.hasPrefix("($levels="), option.hasSuffix(")"),
            let wanted = Int(option.dropFirst("($levels=".count).dropLast()),
            (1...max(1, supported.maximumLevels)).contains(wanted)
        else { throw .unsupportedQuery("$expand=\(value)") }
        levels = wanted
    }

    private func expanded(
        _ value: JSON, levels: Int, isTop: Bool, inLinks: Bool, _ lookup: (String) -> JSON?
    ) -> JSON {
        switch value {
        case .array(let elements):
            return .array(
                elements.map {
                    expanded($0, levels: levels, isTop: false, inLinks: inLinks, lookup)
                })
        case .object(let object):
            if !isTop, object.count == 1, let link = object["@odata.id"]?.string {
                guard covers(inLinks: inLinks), let target = lookup(link) else { return value }
                if levels == 1 { return target }
                return expanded(target, levels: levels - 1, isTop: true, inLinks: false, lookup)
            }
            return .object(
                JSONObject(
                    object.map { member in
                        let isLinks = inLinks || member.key == "Links"
                        return (
                            member.key,
                            expanded(
                                member.value, levels: levels, isTop: false, inLinks: isLinks,
                                lookup)
                        )
                    }))
        default:
            return value
        }
    }

    private func covers(inLinks: Bool) -> Bool {
        switch expansion {
        case .all: true
        case .links: inLinks
        case .subordinate: !inLinks
        case nil: false
        }
    }
}
