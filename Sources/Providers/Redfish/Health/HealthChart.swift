internal import Core

/// Collects what a deep look finds. Parts say what is wrong; wholes (the system, a chassis, the
/// memory together) count only if no part explains them.
struct HealthChart {
    private struct Whole {
        let name: String
        let status: Status
        let source: String
        let hint: String?
    }

    private struct Entry {
        var finding: HealthReport.Finding
        /// Which of the parts it is about; nil for what is about a whole, or stands in a log.
        let part: Int?
    }

    private var entries: [Entry] = []
    private var parts: [HealthPart] = []
    private var wholes: [Whole] = []
    private var doubts: [IdlePart] = []
    /// How many parts of a kind show that being off makes none ill.
    private var witnesses: [String: Int] = [:]
    /// Kinds of parts that were not asked for.
    private(set) var unasked: [String] = []
    private(set) var counts: [HealthReport.Count] = []

    /// Notes how many parts of a kind were looked at.
    mutating func count(_ kind: String, _ number: Int) {
        guard number > 0 else { return }
        if let index = counts.firstIndex(where: { $0.kind == kind }) {
            counts[index].number += number
        } else {
            counts.append(HealthReport.Count(kind, number))
        }
    }

    /// How many parts of a kind were looked at.
    func number(of kind: String) -> Int { counts.first { $0.kind == kind }?.number ?? 0 }

    /// Notes a kind of parts that was not asked for.
    mutating func leave(_ kind: String) {
        if !unasked.contains(kind) { unasked.append(kind) }
    }

    /// Enters a part.
    /// - Parameters:
    ///   - idleness: whether it may be that a status that gives no cause says no more than that
    ///     the part is off.
    ///   - atLeast: what is known of it beside its status.
    ///   - cause: what its conditions don't tell.
    mutating func addPart(
        _ part: HealthPart, _ status: Status, _ idleness: Idleness = .inUse,
        atLeast: Health = .ok, cause: String? = nil
    ) {
        guard !status.isAbsent else { return }
        let index = register(part)
        let isIdle = idleness != .inUse && status.conditions.isEmpty
        if idleness == .offWithHost, isIdle, atLeast == .ok, let told = status.told, told > .ok {
            doubts.append(IdlePart(part: part, index: index, health: told, cause: cause))
            return
        }
        if idleness == .inUse || status.told == .ok { witnesses[part.kind, default: 0] += 1 }
        enter(part, index, status, max(isIdle ? .ok : status.told ?? .ok, atLeast), cause)
    }

    private mutating func enter(
        _ part: HealthPart, _ index: Int, _ status: Status, _ worst: Health, _ cause: String?
    ) {
        guard worst > .ok else { return }
        var explained = Health.ok
        for condition in status.conditions {
            guard let severity = condition.severity, severity > .ok, let text = condition.text
            else { continue }
            let health = min(severity, worst)
            explained = max(explained, health)
            add(HealthReport.Finding(health, part.name, cause: text, source: part.source), index)
        }
        guard explained < worst else { return }
        add(HealthReport.Finding(worst, part.name, cause: cause, source: part.source), index)
    }

    /// The part's place in the list; of a part that is shown twice, its first.
    private mutating func register(_ part: HealthPart) -> Int {
        if let known = parts.firstIndex(where: { $0.isSame(as: part) }) { return known }
        parts.append(part)
        return parts.count - 1
    }

    /// Judges the parts that are off with their host and said to be ill: those that are so among
    /// others of their kind that are well are ill; where all are alike, that is how this BMC shows
    /// what is off.
    /// - Returns: those of which it can't be told.
    mutating func judgeIdleParts() -> [IdlePart] {
        var unclear: [IdlePart] = []
        for (kind, parts) in Dictionary(grouping: doubts, by: \.part.kind) {
            let others = witnesses[kind] ?? 0
            if parts.count <= others {
                for idle in parts {
                    add(
                        HealthReport.Finding(
                            idle.health, idle.part.name, cause: idle.cause,
                            source: idle.part.source), idle.index)
                }
            } else if others > 0 || parts.count == 1 {
                unclear += parts
            }
        }
        doubts = []
        return unclear.sorted { $0.index < $1.index }
    }

    /// Enters something that sums parts up. Its conditions are findings of their own.
    /// - Parameter hint: where the trouble lies, as far as the service tells.
    mutating func addWhole(_ name: String, _ status: Status, hint: String? = nil, source: String) {
        guard status.worst > .ok else { return }
        for condition in status.conditions {
            guard let severity = condition.severity, severity > .ok, let text = condition.text
            else { continue }
            add(
                HealthReport.Finding(
                    min(severity, status.worst), name, cause: text, source: source))
        }
        wholes.append(Whole(name: name, status: status, source: source, hint: hint))
    }

    /// Enters what was found elsewhere. Of two that say the same of a part, the one that says more
    /// stays.
    mutating func add(_ finding: HealthReport.Finding) { add(finding, nil) }

    private mutating func add(_ finding: HealthReport.Finding, _ part: Int?) {
        let same = entries.firstIndex { entry in
            let known = entry.finding
            return entry.part == part && known.part == finding.part
                && known.health == finding.health && known.isEvent == finding.isEvent
                && (finding.isSaid(by: known) || known.isSaid(by: finding))
        }
        guard let same else {
            entries.append(Entry(finding: finding, part: part))
            return
        }
        if entries[same].finding.isSaid(by: finding) { entries[same].finding.cause = finding.cause }
    }

    /// Whether a whole is ill and nothing that was found so far explains it.
    var isUnexplained: Bool { unexplained.isEmpty == false }

    /// All findings, the worst first: what is so now before what a log tells of, and else in the
    /// order of entry.
    var findings: [HealthReport.Finding] {
        let names = parts.distinctNames
        let own = entries.map { entry in
            var finding = entry.finding
            if let part = entry.part { finding.part = names[part] }
            return finding
        }
        let wholes = unexplained.map { whole in
            HealthReport.Finding(
                whole.status.worst, whole.name, cause: whole.hint, source: whole.source)
        }
        return (own + wholes).enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            if one.isEvent != other.isEvent { return !one.isEvent }
            return (other.health, left.offset) < (one.health, right.offset)
        }.map(\.element)
    }

    // The first of them is the smallest that is known to be ill: a memory that is critical
    // explains a system that is.
    private var unexplained: [Whole] {
        var explained =
            entries.lazy.map(\.finding).filter { !$0.isEvent }.map(\.health).max() ?? .ok
        var unexplained: [Whole] = []
        for whole in wholes.reversed() where whole.status.worst > explained {
            unexplained.append(whole)
            explained = whole.status.worst
        }
        return unexplained
    }
}

extension HealthReport.Finding {
    fileprivate func isSaid(by other: HealthReport.Finding) -> Bool {
        (other.cause ?? "").hasPrefix(cause ?? "")
    }
}

extension Status.Condition {
    /// What it says, for a person.
    var text: String? { message ?? messageID }
}
