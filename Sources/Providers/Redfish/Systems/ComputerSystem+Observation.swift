internal import Core
internal import Foundation

extension ComputerSystem {
    /// What a look at the system says. Only what the service calls `Warning` or `Critical` counts:
    /// a missing status is no sickness, and neither is a `State` such as `Disabled`.
    func observation(at date: Date) -> Observation {
        Observation(
            power: powerState, health: symptoms.first?.health ?? .ok, reasons: symptoms.map(\.text),
            date: date, identity: identity)
    }

    /// Whether the worst that the system says of its health comes with a cause, or nothing is bad.
    var explainsItself: Bool {
        guard let worst = symptoms.first?.health else { return true }
        return !symptoms.contains { $0.health == worst && !$0.hasCause }
    }

    private struct Symptom {
        let health: Health
        let text: String
        let hasCause: Bool
    }

    /// What the system tells of its health, by what that is of. What is not told is left out.
    var verdicts: [String: Health] {
        var verdicts: [String: Health] = [:]
        for (name, status, _) in parts where !status.isAbsent {
            verdicts[name] = status.told
            verdicts["\(name), with all that is in it"] = status.healthRollup
        }
        return verdicts
    }

    /// What is looked at, without what a host that is off is made of.
    private var parts: [(name: String, status: Status, hint: String?)] {
        [
            ("System", status, unwellAreas), ("Processors", processorSummary.status, nil),
            ("Memory", memorySummary.status, nil),
        ].filter { !isOff($0.0, $0.1) }
    }

    /// The worst first.
    private var symptoms: [Symptom] {
        parts
            .flatMap { name, status, hint in Self.symptoms(name, status, hint) }
            // Stable, so that the worst comes first and the rest in the order above.
            .enumerated().sorted { ($1.element.health, $0.offset) < ($0.element.health, $1.offset) }
            .map(\.element)
    }

    // What a host that is off is made of is not ill for being off.
    private func isOff(_ name: String, _ status: Status) -> Bool {
        name != "System" && powerState == .off && status.isOutOfUse && status.conditions.isEmpty
    }

    private static func symptoms(_ name: String, _ status: Status, _ hint: String?) -> [Symptom] {
        let worst = status.worst
        guard worst > .ok else { return [] }
        let conditions = status.conditions.compactMap { condition -> Symptom? in
            guard let severity = condition.severity, severity > .ok, let message = condition.text
            else { return nil }
            return Symptom(
                health: min(severity, worst), text: "\(name): \(title(severity)): \(message)",
                hasCause: true)
        }
        // A condition that explains less than the whole leaves the whole unexplained.
        guard !conditions.contains(where: { $0.health == worst }) else { return conditions }
        let text = "\(name): \(title(worst))" + (hint.map { ": \($0)" } ?? "")
        return [Symptom(health: worst, text: text, hasCause: false)] + conditions
    }

    private static func title(_ health: Health) -> String { health.rawValue.capitalized }
}
