internal import Core

/// Answers that say nothing.
enum MuteDialect: DialectBehaviour {
    /// Every third look at a system comes to nothing.
    case stumbles
    /// After a reset there are no systems for some looks.
    case losesSystems

    private static let looks = 5

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        switch self {
        case .stumbles:
            guard request.isRead, state.system(at: request) != nil else { return nil }
            let count = state.count(.stumbles)
            guard count.isMultiple(of: 3) else { return nil }
            return switch count / 3 % 3 {
            case 0: SimulatedAnswer(status: 200)
            case 1: SimulatedAnswer(status: 500)
            default:
                SimulatedAnswer(
                    status: 200, headers: [("Content-Type", "text/html")],
                    body: Array("<html>Starting…</html>".utf8))
            }
        case .losesSystems:
            guard request.isRead else { return nil }
            let path = ResourcePath.canonical(request.path)
            if state.system(at: request) != nil, state.countDown(.losesSystems) {
                throw .missing(request.path)
            }
            guard path == "/redfish/v1/Systems", state.countDown(.losesSystems) else { return nil }
            return SimulatedAnswer(
                status: 200,
                json: ["@odata.id": .string(path), "Members": [], "Members@odata.count": 0])
        }
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard self == .losesSystems, answer.isSuccess, state.system(resetBy: request) != nil else {
            return
        }
        state.memory.counts[.losesSystems] = Self.looks
    }
}
