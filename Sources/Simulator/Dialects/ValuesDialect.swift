internal import Core

/// Systems that say less, or say it otherwise.
enum ValuesDialect: DialectBehaviour {
    case missingStatus
    case stringNumbers
    case placeholders

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard request.isRead, state.system(at: request) != nil else { return }
        switch self {
        case .missingStatus:
            answer.edit { resource in
                resource["Status"] = nil
                resource["MemorySummary"] = nil
            }
        case .placeholders:
            answer.edit { resource in
                resource["SerialNumber"] = "To be filled by O.E.M."
                resource["UUID"] = "03000200-0400-0500-0006-000700080009"
            }
        case .stringNumbers:
            answer.edit { resource in
                resource = Self.written(.object(resource), under: "").object ?? resource
            }
        }
    }

    private static func written(_ value: JSON, under key: String) -> JSON {
        switch value {
        case .integer, .real:
            .string(value.description + (key.hasSuffix("GiB") ? " GiB" : ""))
        case .object(let object):
            .object(JSONObject(object.map { ($0.key, written($0.value, under: $0.key)) }))
        default: value
        }
    }
}
