internal import Core

/// "Not now", in many dresses.
enum BusyDialect: DialectBehaviour {
    case notReady
    case standby
    case starting
    case afterOff
    case inArguments

    private static let refused = 4
    private static let conflicts = 5

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        switch self {
        case .notReady where request.isRead:
            if state.count(.notReady) <= Self.refused {
                throw Refusal(
                    400, of: "IDRAC.2.1.SWC0700",
                    "iDRAC is not ready. The configuration values cannot be accessed. Please retry "
                        + "after a few minutes.")
            }
        case .standby where request.isRead:
            let count = state.count(.inStandby)
            guard count.isMultiple(of: 3) else { return nil }
            throw Self.dresses[count / 3 % Self.dresses.count]
        case .starting where request.boot != nil:
            if state.count(.noChangeInPOST) <= Self.refused {
                throw Refusal(400, of: "iLO.2.14.UnableToModifyDuringSystemPOST", "")
            }
        case .afterOff where PowerFault.startingResets.contains(request.resetType ?? ""):
            if state.system(resetBy: request) != nil, state.countDown(.conflictAfterOff) {
                throw .inTransition
            }
        case .inArguments:
            if state.count(.waitsInArguments) <= 2 {
                throw Refusal(503, of: "IDRAC.2.8.SYS518", "", ["2"])
            }
        case .notReady, .standby, .starting, .afterOff: break
        }
        return nil
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard self == .afterOff, answer.isSuccess, request.resetType?.contains("Off") == true,
            state.system(resetBy: request) != nil
        else { return }
        state.memory.counts[.conflictAfterOff] = Self.conflicts
    }

    private static let dresses = [
        Refusal(400, of: "Base.1.18.ResourceInStandby", "The resource is in standby."),
        Refusal(500, of: "Base.1.18.ServiceInUnknownState", "The service is in an unknown state."),
        Refusal(400, of: "Base.1.18.ServiceTemporarilyUnavailable", "Retry in 1 seconds.", ["1"]),
        Refusal(400, of: "iLO.2.14.InvalidOperationForSystemState", ""),
    ]
}

extension Refusal {
    /// A refusal with a message of a vendor's own registry.
    init(_ status: Int, of messageID: String, _ message: String, _ arguments: [String] = []) {
        self.init(status, "GeneralError", message, arguments, resolution: "None.")
        self.messageID = messageID
    }
}
