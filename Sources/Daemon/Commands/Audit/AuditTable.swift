import Core

/// Audits as a person reads them.
enum AuditTable {
    /// A row a finding, or one for a device without any; then the sum.
    static func lines(_ audits: [DeviceAudit]) -> [String] {
        var rows = [["DEVICE", "HEALTH", "POWER", "LOOKED AT", "SKIPPED", "FINDING"]]
        for audit in audits { rows += self.rows(audit) }
        return TextTable.lines(rows) + [sum(audits)]
    }

    private static func rows(_ audit: DeviceAudit) -> [[String]] {
        guard case .report(let report) = audit.outcome else {
            guard case .failure(let message) = audit.outcome else { return [] }
            return [[audit.device, audit.health, "-", "-", "-", message]]
        }
        let parts = (report["Examined"]?.object ?? [:])
            .reduce(0) { $0 + ($1.value.integer ?? 0) }
        let head = [
            audit.device, audit.health, report["Power"]?.string ?? "-", "\(parts) parts",
            "\(report["Skipped"]?.array?.count ?? 0)",
        ]
        let findings =
            (report["Findings"]?.array ?? []).compactMap { $0["Text"]?.string } + audit.unread
        guard let first = findings.first else { return [head + ["-"]] }
        return [head + [first]]
            + findings.dropFirst().map { Array(repeating: "", count: head.count) + [$0] }
    }

    private static func sum(_ audits: [DeviceAudit]) -> String {
        let counts = Dictionary(grouping: audits, by: \.health).mapValues(\.count)
        let list = Health.allCases.compactMap { health in
            counts[health.rawValue].map { "\($0) \(health.rawValue)" }
        }
        return "\(audits.count) devices" + (list.isEmpty ? "" : ": " + list.joined(separator: ", "))
    }
}
