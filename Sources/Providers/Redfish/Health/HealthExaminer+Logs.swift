internal import Core
internal import Foundation

extension HealthExaminer {
    private static let maximumFindings = 10

    /// Critical entries of the system's, the managers' and the chassis' logs that are recent and
    /// not over.
    func examineLogs(
        of managers: [Manager], _ chassis: [Chassis], _ root: ServiceRoot?,
        _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        let time = managers.lazy.compactMap(\.dateTime).compactMap { Date(redfish: $0) }.first
        let logReader = LogReader(
            reader: reader, takesTopAndSkip: root?.takesTopAndSkip ?? false)
        let collections =
            [system.logServices] + managers.map(\.logServices) + chassis.map(\.logServices)
        for collection in collections.compactMap(\.self).uniqued {
            for service in try await reader.members(of: collection) where service.isHealthLog {
                guard let link = service.json.link("Entries") else { continue }
                chart.count("logs", 1)
                let own = service.json.text("DateTime").flatMap { Date(redfish: $0) }
                let clock = LogClock(bmc: own ?? time, own: date, lookingBack: lookingBack)
                if let complaint = clock.complaint {
                    reader.skip("the age of log entries", why: "not certain: \(complaint)")
                }
                let entries = try await logReader.newestEntries(of: link) {
                    clock.isRecent($0)
                }
                let name = BMCAddress.lastSegment(of: service.path)
                enter(entries, of: name, link, clock, &chart)
            }
        }
    }

    private func enter(
        _ entries: [LogEntry], of log: String, _ source: String, _ clock: LogClock,
        _ chart: inout HealthChart
    ) {
        let undated = entries.filter { entry in
            entry.severity == .critical && !entry.isResolved
                && entry.created.map(clock.isUnset) ?? true
        }
        if let example = undated.first {
            let message = example.message?.readable(limit: 100)
            reader.skip(
                source,
                why: "\(undated.count) critical entries without a date that tells anything: "
                    + (message ?? "without words"), mayHideFaults: true)
        }
        let dated = entries.compactMap { entry in entry.created.map { (entry, $0) } }
            .sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0.isAfter($1.0) }
        var ended: Set<String> = []
        var told: [String: Int] = [:]
        var findings: [HealthReport.Finding] = []
        for (entry, created) in dated where clock.isRecent(created) {
            if entry.endsSubject {
                if let subject = entry.subject { ended.insert(subject) }
                continue
            }
            guard entry.severity == .critical, !entry.isResolved,
                entry.subject.map({ !ended.contains($0) }) ?? true
            else { continue }
            let message = entry.message ?? "an entry without words"
            // The newest of those that say the same stands for all.
            told[message, default: 0] += 1
            guard told[message] == 1 else { continue }
            findings.append(
                HealthReport.Finding(
                    .critical, "\(log) \(created.timestamp)", cause: message, isEvent: true,
                    source: source))
        }
        for var finding in findings.prefix(Self.maximumFindings) {
            if let cause = finding.cause, let times = told[cause], times > 1 {
                finding.cause = "\(cause) (\(times) times)"
            }
            chart.add(finding)
        }
        if findings.count > Self.maximumFindings {
            let rest = findings.count - Self.maximumFindings
            reader.skip(source, why: "\(rest) further critical entries are not listed")
        }
    }
}

extension RedfishResource {
    /// Logs of who did what, of the console's output and of dumps say nothing of the hardware's
    /// health, and are long.
    fileprivate var isHealthLog: Bool {
        guard json["ServiceEnabled"]?.bool != false else { return false }
        let text = [BMCAddress.lastSegment(of: path), json.text("Id"), json.text("Name")]
            .compactMap { $0?.lowercased() }.joined(separator: " ")
        let others = [
            "audit", "security", "postcode", "post code", "dump", "journal", "hostlogger",
            "console", "metric", "telemetry",
        ]
        return !others.contains { text.contains($0) }
    }
}
