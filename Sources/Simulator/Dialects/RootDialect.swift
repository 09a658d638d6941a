internal import Core

/// A service root that links to nothing.
enum RootDialect: DialectBehaviour {
    case bare

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard request.isRead, ResourcePath.canonical(request.path) == ResourcePath.root else {
            return
        }
        answer.edit { root in
            for name in ["Systems", "Chassis", "Managers", "Links", "SessionService"] {
                root[name] = nil
            }
        }
    }
}
