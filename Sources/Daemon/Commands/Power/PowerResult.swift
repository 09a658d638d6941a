import Core

/// What came of one device.
struct PowerResult: Sendable {
    enum Outcome: Sendable {
        case report(PowerReport)
        /// What went wrong, with the device's name.
        case failure(String)
    }

    let device: String
    let outcome: Outcome

    var isFailure: Bool {
        if case .failure = outcome { true } else { false }
    }

    var json: JSON {
        switch outcome {
        case .report(let report):
            var members: JSONObject = ["Name": .string(device)]
            for (key, value) in report.json.object ?? [:] { members[key] = value }
            return .object(members)
        case .failure(let message): return ["Name": .string(device), "Error": .string(message)]
        }
    }
}
