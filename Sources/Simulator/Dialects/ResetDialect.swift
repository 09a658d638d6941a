internal import Core

/// Resets that are offered, refused or needless in other ways.
enum ResetDialect: DialectBehaviour {
    /// Nothing but a press of the power button and the cut of the power is offered.
    case buttonOnly
    /// What is listed first is refused.
    case listedRefused
    /// A reset to the present state is answered with 304.
    case notModified
    /// A reset to the present state is refused as iLO does.
    case invalidForState

    private static let action = "ComputerSystem.Reset"
    private static let offered = ["PushPowerButton", "ForceOff"]
    private static let refused = ["On", "GracefulShutdown"]

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        guard let system = state.system(resetBy: request), let type = request.resetType else {
            return nil
        }
        switch self {
        case .buttonOnly where !Self.offered.contains(type):
            throw .unsupportedParameter(
                Self.action, "ResetType", value: type, allowed: Self.offered)
        case .listedRefused where Self.refused.contains(type):
            throw .unsupportedParameter(Self.action, "ResetType", value: type, allowed: [])
        case .notModified where isNeedless(type, state.systems[system]):
            return SimulatedAnswer(status: 304)
        case .invalidForState where isNeedless(type, state.systems[system]):
            return Self.invalidOperation
        default:
            return nil
        }
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard self == .buttonOnly, request.isRead, state.system(at: request) != nil else { return }
        answer.edit { resource in
            guard var actions = resource["Actions"]?.object,
                var reset = actions["#ComputerSystem.Reset"]?.object
            else { return }
            reset["ResetType@Redfish.AllowableValues"] = .array(Self.offered.map(JSON.string))
            actions["#ComputerSystem.Reset"] = .object(reset)
            resource["Actions"] = .object(actions)
        }
    }

    private func isNeedless(_ type: String, _ system: SystemState) -> Bool {
        var power = system.power
        return ResetType(rawValue: type).map { power.receive($0) == .noEffect } ?? false
    }

    private static let invalidOperation = SimulatedAnswer(
        status: 400,
        json: [
            "error": [
                "code": "iLO.0.10.ExtendedInfo",
                "message": "See @Message.ExtendedInfo for more information.",
                "@Message.ExtendedInfo": [
                    ["MessageId": "iLO.2.14.InvalidOperationForSystemState"]
                ],
            ]
        ])
}
