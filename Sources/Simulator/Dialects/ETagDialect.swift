internal import Core

/// Entity tags that are not what the standard wants (RFC 9110, section 8.8.3).
enum ETagDialect: DialectBehaviour {
    case doubleQuoted
    case gzip
    case refused
    case stale

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        guard request.method == "PATCH" || request.method == "POST",
            let condition = request.header("If-Match")
        else { return nil }
        switch self {
        case .refused:
            throw .preconditionFailed
        case .stale:
            guard !state.memory.hasRefusedETag, let system = state.system(at: request) else {
                return nil
            }
            state.memory.hasRefusedETag = true
            state.systems[system].noteChange()
            throw .preconditionFailed
        case .doubleQuoted, .gzip:
            // What was done to the tag on its way out is not part of it.
            let isSpoilt = condition.contains("\\") || condition.contains("gzip")
            guard isSpoilt else { return nil }
            throw .preconditionFailed
        }
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard request.isRead else { return }
        let spoil: (String) -> String
        switch self {
        case .doubleQuoted:
            spoil = { "\"" + $0.split(separator: "\"").joined(separator: "\\\"") + "\\\"\"" }
        case .gzip:
            spoil = { $0.hasSuffix("\"") ? $0.dropLast() + "-gzip\"" : $0 + "-gzip" }
        case .refused, .stale:
            return
        }
        answer.editHeader("ETag", spoil)
        answer.edit { resource in
            if let tag = resource["@odata.etag"]?.string {
                resource["@odata.etag"] = .string(spoil(tag))
            }
        }
    }
}
