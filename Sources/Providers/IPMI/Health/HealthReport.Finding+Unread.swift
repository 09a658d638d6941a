internal import Core

extension HealthReport.Finding {
    /// What was so when it was looked at last, and could not be looked at since: no sign of sickness
    /// now, and none of health. A warning says so in place of something critical.
    func unread(because why: String) -> HealthReport.Finding {
        guard health == .critical, !isEvent else { return self }
        let past = cause.map { "\($0) when it was read last" } ?? "critical when it was read last"
        return HealthReport.Finding(
            .warning, part, cause: "\(past), and can't be read now: \(why)", source: source)
    }
}
