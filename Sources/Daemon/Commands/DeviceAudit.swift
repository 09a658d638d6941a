import Core
import Foundation

/// What the audit of a device came to.
struct DeviceAudit: Sendable {
    enum Outcome: Sendable {
        /// An answer of `Rackpool.Audit`.
        case report(JSON)
        case failure(String)
    }

    let device: String
    let outcome: Outcome

    var health: String {
        switch outcome {
        case .report(let report): report["Health"]?.string ?? "-"
        case .failure: Health.unreachable.rawValue
        }
    }

    /// Whether somebody has to look after the device.
    var isBad: Bool { [Health.critical, .unreachable].map(\.rawValue).contains(health) }

    var json: JSON {
        switch outcome {
        case .report(let report):
            var members: JSONObject = ["Name": .string(device)]
            for (key, value) in report.object ?? [:] { members[key] = value }
            return .object(members)
        case .failure(let message):
            return [
                "Name": .string(device), "Health": .string(health), "Error": .string(message),
            ]
        }
    }
}

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
        let findings = (report["Findings"]?.array ?? []).compactMap { $0["Text"]?.string }
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

/// Tells a person at a terminal how far it is; says nothing to a file.
struct AuditProgress {
    let count: Int
    private let isShown = isatty(2) == 1

    init(count: Int) {
        self.count = count
    }

    func show(_ done: Int) {
        write("\r\(done) of \(count) devices")
    }

    func end() {
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) {
        if isShown { FileHandle.standardError.write(Data(text.utf8)) }
    }
}
