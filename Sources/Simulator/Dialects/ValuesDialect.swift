internal import Core

/// Systems that say less, or say it otherwise.
enum ValuesDialect: DialectBehaviour {
    case missingStatus
    case stringNumbers

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
