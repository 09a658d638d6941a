import Core

extension HealthReport {
    /// The report as `Rackpool.Audit` answers it.
    var json: JSON {
        [
            "Power": .string(power.rawValue), "Health": .string(health.rawValue),
            "Findings": .array(findings.map(\.json)),
            "Skipped": .array(skipped.map(\.json)),
            "Examined": .object(JSONObject(examined.map { ($0.kind, JSON($0.number)) })),
            "Requests": JSON(requests), "Date": .string(date.timestamp),
        ]
    }
}

extension HealthReport.Skip {
    fileprivate var json: JSON {
        [
            "What": .string(what), "Why": .string(why), "MayHideFaults": .bool(mayHideFaults),
            "Text": .string("not read: \(what): \(why)"),
        ]
    }
}

extension HealthReport.Finding {
    fileprivate var json: JSON {
        [
            "Health": .string(health.rawValue), "Part": .string(part), "Cause": JSON(cause),
            "Event": .bool(isEvent), "Source": JSON(source), "Text": .string(text),
        ]
    }
}
