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

    private var parts: [HealthReport.Finding] = []
    private var wholes: [Whole] = []
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

    /// Enters a part.
    /// - Parameters:
    ///   - atLeast: what is known of it beside its status.
    ///   - cause: what its conditions don't tell.
    mutating func addPart(
        _ name: String, _ status: Status, atLeast: Health = .ok, cause: String? = nil,
        source: String
    ) {
        guard !status.isAbsent else { return }
        let worst = max(status.health ?? status.healthRollup ?? .ok, atLeast)
        guard worst > .ok else { return }
        var explained = Health.ok
        for condition in status.conditions {
            guard let severity = condition.severity, severity > .ok, let text = condition.text
            else { continue }
            let health = min(severity, worst)
            explained = max(explained, health)
            add(HealthReport.Finding(health, name, cause: text, source: source))
        }
        guard explained < worst else { return }
        add(HealthReport.Finding(worst, name, cause: cause, source: source))
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
    /// stays: newer services show a fan as such and as a sensor.
    mutating func add(_ finding: HealthReport.Finding) {
        let same = parts.firstIndex { known in
            known.part == finding.part && known.health == finding.health
                && known.isEvent == finding.isEvent
                && (finding.isSaid(by: known) || known.isSaid(by: finding))
        }
        guard let same else {
            parts.append(finding)
            return
        }
        if parts[same].isSaid(by: finding) { parts[same].cause = finding.cause }
    }

    /// Whether a whole is ill and nothing that was found so far explains it.
    var isUnexplained: Bool { unexplained.isEmpty == false }

    /// All findings, the worst first: what is so now before what a log tells of, and else in the
    /// order of entry.
    var findings: [HealthReport.Finding] {
        let wholes = unexplained.map { whole in
            HealthReport.Finding(
                whole.status.worst, whole.name, cause: whole.hint, source: whole.source)
        }
        return (parts + wholes).enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            if one.isEvent != other.isEvent { return !one.isEvent }
            return (other.health, left.offset) < (one.health, right.offset)
        }.map(\.element)
    }

    // The first of them is the smallest that is known to be ill: a memory that is critical
    // explains a system that is.
    private var unexplained: [Whole] {
        var explained = parts.lazy.filter { !$0.isEvent }.map(\.health).max() ?? .ok
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
