internal import Core
internal import Foundation

extension ComputerSystem {
    /// What a look at the system says. Only what the service calls `Warning` or `Critical` counts:
    /// a missing status is no sickness, and neither is a `State` such as `Disabled`.
    func observation(at date: Date) -> Observation {
        let parts = [
            ("System", status), ("Processors", processorSummary.status),
            ("Memory", memorySummary.status),
        ]
        let reasons = parts.flatMap { name, status in Self.reasons(name, status) }
            // Stable, so that the worst comes first and the rest in the order above.
            .enumerated().sorted { ($1.element.health, $0.offset) < ($0.element.health, $1.offset) }
            .map(\.element)
        return Observation(
            power: powerState, health: reasons.first?.health ?? .ok, reasons: reasons.map(\.text),
            date: date)
    }

    private static func reasons(_ name: String, _ status: Status) -> [(
        health: Health, text: String
    )] {
        let worst = status.worst
        guard worst > .ok else { return [] }
        let conditions = status.conditions.compactMap {
            condition -> (health: Health, text: String)? in
            guard let severity = condition.severity, severity > .ok,
                let message = condition.message ?? condition.messageID
            else { return nil }
            return (min(severity, worst), "\(name): \(title(severity)): \(message)")
        }
        // A condition that explains less than the whole leaves the whole unexplained.
        guard !conditions.contains(where: { $0.health == worst }) else { return conditions }
        return [(worst, "\(name): \(title(worst))")] + conditions
    }

    private static func title(_ health: Health) -> String { health.rawValue.capitalized }
}
