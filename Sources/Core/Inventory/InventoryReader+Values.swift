internal import Yams

extension InventoryReader {
    /// How deep mappings may be merged into one another, so that a short text can't ask for
    /// endless work.
    private static let maximumMergeDepth = 8

    /// The members of a mapping, those merged by `<<` included
    /// (https://yaml.org/type/merge.html). Nothing at all counts as an empty mapping.
    /// - Parameter keys: the keys that are known; nil allows any.
    /// - Returns: nil if the value is no mapping, which is reported.
    mutating func members(
        of value: InventoryValue, expecting keys: [String]?
    ) -> [String: InventoryValue]? {
        var members: [String: InventoryValue] = [:]
        guard !value.isNull else { return members }
        guard case .mapping(let mapping) = value.node else {
            report("expected a mapping, found \(value.typeName)", at: value.place)
            return nil
        }
        collect(mapping, at: value.place, expecting: keys, into: &members, depth: 0)
        return members
    }

    private mutating func collect(
        _ mapping: Node.Mapping, at place: InventoryPlace, expecting keys: [String]?,
        into members: inout [String: InventoryValue], depth: Int
    ) {
        var merged: [InventoryValue] = []
        for (keyNode, node) in mapping {
            let keyPlace = InventoryValue(keyNode, path: place.path).place
            guard case .scalar(let scalar) = keyNode else {
                report("expected a string as key", at: keyPlace)
                continue
            }
            let key = scalar.string
            let value = InventoryValue(node, path: place.missing(key).path)
            if key == "<<", scalar.style == .plain {
                merged.append(value)
            } else if let keys, !keys.contains(key) {
                let message = Self.unknown(key, expecting: keys)
                report(message, at: keyPlace)
            } else if members[key] == nil {
                members[key] = value
            }
        }
        for value in merged {
            merge(value, at: place, expecting: keys, into: &members, depth: depth + 1)
        }
    }

    private mutating func merge(
        _ value: InventoryValue, at place: InventoryPlace, expecting keys: [String]?,
        into members: inout [String: InventoryValue], depth: Int
    ) {
        guard depth <= Self.maximumMergeDepth else {
            report("merges more than \(Self.maximumMergeDepth) deep", at: value.place)
            return
        }
        let sources: [Node] =
            if case .sequence(let nodes) = value.node { Array(nodes) } else { [value.node] }
        for source in sources {
            guard case .mapping(let mapping) = source else {
                report("expected a mapping or a list of mappings", at: value.place)
                continue
            }
            collect(mapping, at: place, expecting: keys, into: &members, depth: depth)
        }
    }

    /// What to say of an unknown key. `{password: a,b}`, `{password:a}` and a forgotten `password:` make
    /// a key of a password, so only what is surely none is repeated: what is nearly a known key.
    private static func unknown(_ key: String, expecting keys: [String]) -> String {
        let word = String(key.prefix { $0.isASCII && ($0.isLetter || $0 == "_") })
        let shown = word == key ? "unknown key \"\(key)\"" : "unknown key \"\(word)…\""
        if InventoryEntry.keys.contains(key) {
            return "\"\(key)\" has no place here; known are \(keys.joined(separator: ", "))"
        }
        if keys.contains(word), key.dropFirst(word.count).first == ":" {
            return shown + "; did you mean \"\(word)\"? A space must follow the colon"
        }
        if let nearest = Spelling.nearest(to: word, among: keys) {
            return shown + "; did you mean \"\(nearest)\"?"
        }
        return "unknown key; known are \(keys.joined(separator: ", "))"
    }

    /// The text of a scalar as it is written; YAML's numbers and truth values are no different.
    mutating func text(
        of value: InventoryValue?, allowingEmpty: Bool = false
    ) -> Setting<Placed<String>> {
        guard let value else { return .absent }
        guard case .scalar(let scalar) = value.node, !value.isNull else {
            // Who forgets the quotes around a range that comes first has written a YAML list.
            let hint =
                if case .sequence = value.node {
                    "; a text that starts with \"[\" needs quotes"
                } else { "" }
            report("expected a string, found \(value.typeName)\(hint)", at: value.place)
            return .faulty
        }
        guard Self.plainTags.contains(scalar.tag.rawValue) else {
            report("expected a string without a YAML tag", at: value.place)
            return .faulty
        }
        guard allowingEmpty || !scalar.string.isEmpty else {
            report("must not be empty", at: value.place)
            return .faulty
        }
        return .given(Placed(value: scalar.string, place: value.place))
    }

    /// The tags that leave a scalar a text: none, "non-specific" and the core schema's
    /// (YAML 1.2.2, 10.3).
    private static let plainTags: Set<String> = [
        "", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float",
        "tag:yaml.org,2002:bool",
    ]
}
