/// How many devices of each group carry each value of each label.
struct SpreadCounts {
    private struct Key: Hashable {
        let group: String?
        let label: String
        let value: String
    }

    private var counts: [Key: Int] = [:]

    func count(of group: String?, label: String, value: String) -> Int {
        counts[Key(group: group, label: label, value: value)] ?? 0
    }

    mutating func add(_ spec: ClaimSpec, on device: Device) {
        for (label, value) in device.labels {
            counts[Key(group: spec.group, label: label, value: value), default: 0] += 1
        }
    }

    mutating func remove(_ spec: ClaimSpec, on device: Device) {
        for (label, value) in device.labels {
            let key = Key(group: spec.group, label: label, value: value)
            let count = (counts[key] ?? 0) - 1
            counts[key] = count > 0 ? count : nil
        }
    }
}
