internal import Core

/// One part that a deep look has seen, well or not, so that a finding names the one that is meant.
struct HealthPart {
    /// What it is called: `PSU 2`.
    let name: String
    /// What it is one of, in the plural: `fans`.
    let kind: String
    /// Where it is read: the resource's path.
    let source: String
    /// What it belongs to: the path of its chassis or storage.
    var place = ""
    /// What names it in links: `/redfish/v1/Chassis/1/Power#/PowerSupplies/1`.
    var link: String?
    /// Links to what it measures or is about.
    var relations: [String] = []
    /// What may tell it from others of its name, the best first.
    var marks: [String?] = []

    /// Whether both are one part that a service shows twice: newer ones show a fan as such and as
    /// a sensor.
    func isSame(as other: HealthPart) -> Bool {
        kind == other.kind && place == other.place && name == other.name && list != other.list
    }

    private var list: Substring {
        source.prefix(upTo: source.lastIndex(of: "/") ?? source.startIndex)
    }
}

extension [HealthPart] {
    /// The name of each by which a person finds it: with what tells it from others where several
    /// are called the same.
    var distinctNames: [String] {
        var names = map(\.name)
        for group in Dictionary(grouping: indices, by: { self[$0].name.lowercased() }).values
        where group.count > 1 {
            let members = group.sorted()
            for (index, mark) in zip(members, marks(of: members)) {
                names[index] = "\(self[index].name) (\(mark))"
            }
        }
        return names
    }

    /// What tells the parts at `members` from each other.
    private func marks(of members: [Int]) -> [String] {
        var ways = [members.map(relation)]
        let count = members.map { self[$0].marks.count }.max() ?? 0
        for way in 0..<count {
            ways.append(members.map { self[$0].marks.dropFirst(way).first ?? nil })
        }
        ways.append(members.map { BMCAddress.lastSegment(of: self[$0].place) })
        ways.append(members.map { self[$0].kind })
        ways += pathMarks(of: members)
        for way in ways {
            let marks = way.compactMap { $0?.isEmpty == false ? $0 : nil }
            if Set(marks).count == members.count { return marks }
        }
        return members.indices.map { "\($0 + 1) of \(members.count)" }
    }

    /// What the part is about: the one that it links to, by its name.
    private func relation(of index: Int) -> String? {
        let related = self[index].relations.lazy.compactMap { link in
            first { $0.link == link && $0.name != self[index].name }?.name
        }
        return related.first
    }

    /// The segments in which the paths differ, one by one and then together.
    private func pathMarks(of members: [Int]) -> [[String?]] {
        let paths = members.map { self[$0].source.split(separator: "/").map(String.init) }
        guard let length = paths.map(\.count).min() else { return [] }
        let differing = (0..<length).filter { place in Set(paths.map { $0[place] }).count > 1 }
        return differing.map { place in paths.map { $0[place] } }
            + [paths.map { path in differing.map { path[$0] }.joined(separator: " ") }]
    }
}
