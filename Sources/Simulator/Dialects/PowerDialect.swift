internal import Core

/// Power states that are not what they are.
enum PowerDialect: DialectBehaviour {
    /// The state before a reset is shown for some looks more.
    case stale
    /// No state is shown for some looks after a reset.
    case null

    private static let looks = 4

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        if let system = state.system(resetBy: request) {
            state.memory.passingPower[system] =
                self == .stale ? state.systems[system].power.reported : .unknown
        }
        return nil
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        if let system = state.system(resetBy: request),
            let shown = state.memory.passingPower.removeValue(forKey: system), answer.isSuccess
        {
            // One that is refused changes nothing of what is shown.
            state.memory.formerPower[system] = (shown, Self.looks)
        }
        guard request.isRead, let system = state.system(at: request),
            let former = state.memory.formerPower[system]
        else { return }
        state.memory.formerPower[system] =
            former.looks > 1 ? (former.shown, former.looks - 1) : nil
        answer.edit { resource in
            resource["PowerState"] =
                former.shown == .unknown ? .null : .string(former.shown.rawValue)
        }
    }
}
