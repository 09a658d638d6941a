import Core

/// Results as a person reads them.
enum PowerTable {
    /// A row a device, then the sum.
    static func lines(_ results: [PowerResult]) -> [String] {
        let rows = results.map { result in
            switch result.outcome {
            case .report(let report):
                let remarks = [report.health?.rawValue, report.remark].compactMap { $0 }
                return [
                    result.device, report.power.rawValue,
                    remarks.isEmpty ? "-" : remarks.joined(separator: ": "),
                ]
            case .failure(let message): return [result.device, "FAILED", message]
            }
        }
        return TextTable.lines([["DEVICE", "POWER", "REMARK"]] + rows) + [sum(results)]
    }

    private static func sum(_ results: [PowerResult]) -> String {
        var counts: [String: Int] = [:]
        var failures = 0
        for result in results {
            switch result.outcome {
            case .report(let report): counts[report.power.rawValue, default: 0] += 1
            case .failure: failures += 1
            }
        }
        let parts =
            PowerState.allCases.compactMap { state in
                counts[state.rawValue].map { "\($0) \(state.rawValue)" }
            } + (failures > 0 ? ["\(failures) FAILED"] : [])
        let devices = results.count == 1 ? "1 device" : "\(results.count) devices"
        return "\(devices): \(parts.joined(separator: ", "))"
    }
}
