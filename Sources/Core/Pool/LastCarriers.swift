/// Which device's machine carried a logical ID last.
struct LastCarriers {
    private struct Carrier: Hashable {
        let name: String
        let sequence: Int64
    }

    private var carriers: [LogicalIDKey: Set<Carrier>] = [:]

    mutating func insert(_ carrier: LastCarrier, on name: String) {
        carriers[carrier.key, default: []].insert(
            Carrier(name: name, sequence: carrier.sequence))
    }

    mutating func remove(_ carrier: LastCarrier, on name: String) {
        carriers[carrier.key]?.remove(Carrier(name: name, sequence: carrier.sequence))
        if carriers[carrier.key]?.isEmpty ?? false { carriers[carrier.key] = nil }
    }

    /// The device that carried it last. Older releases did not note a logical ID's group.
    subscript(key: LogicalIDKey) -> String? {
        let ungrouped = LogicalIDKey(logicalID: key.logicalID, group: nil)
        return last(of: key) ?? (key.group == nil ? nil : last(of: ungrouped))
    }

    private func last(of key: LogicalIDKey) -> String? {
        carriers[key]?.max { ($0.sequence, $1.name) < ($1.sequence, $0.name) }?.name
    }
}
