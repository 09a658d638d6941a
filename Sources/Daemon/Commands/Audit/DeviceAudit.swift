import Core

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

    /// Whether somebody has to look after the device: it is not well, or nobody knows.
    var isBad: Bool {
        [Health.critical, .unreachable].map(\.rawValue).contains(health) || !unread.isEmpty
    }

    /// What was not read and may hide something critical: `not read: /…/Drives/3: 500`.
    var unread: [String] {
        guard case .report(let report) = outcome else { return [] }
        return (report["Skipped"]?.array ?? []).filter { $0["MayHideFaults"]?.bool == true }
            .compactMap { $0["Text"]?.string }
    }

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
