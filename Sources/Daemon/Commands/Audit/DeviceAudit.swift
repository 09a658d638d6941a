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
