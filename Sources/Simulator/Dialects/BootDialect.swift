internal import Core

/// Boot overrides that are not taken as they were sent.
enum BootDialect: DialectBehaviour {
    case ignored
    case late
    case modeDropped
    case modeRefused
    case alias
    case modeJob
    case onceOnly
    case refusedDone

    private static let mode = "BootSourceOverrideMode"
    private static let looks = 2

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        guard let boot = request.boot, state.system(at: request) != nil else { return nil }
        switch self {
        case .ignored: return SimulatedAnswer(status: 200, json: [:])
        case .modeRefused where boot[Self.mode] != nil && boot.count > 1:
            throw .notWritable("Boot/" + Self.mode)
        case .onceOnly where boot["BootSourceOverrideEnabled"] == "Continuous":
            throw .notInList("Boot/BootSourceOverrideEnabled", "Continuous", ["Disabled", "Once"])
        case .late, .modeDropped, .modeRefused, .alias, .modeJob, .onceOnly, .refusedDone:
            return nil
        }
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard let system = state.system(at: request), answer.isSuccess else { return }
        switch self {
        case .modeDropped:
            guard let boot = request.boot, boot[Self.mode] == nil,
                var settings = state.systems[system].boot
            else { return }
            try? settings.patch([Self.mode: "Legacy"])
            state.systems[system].setBoot(settings)
        case .late:
            if request.boot != nil { state.memory.hiddenBoot = Self.looks }
            guard request.isRead, state.memory.hiddenBoot > 0 else { return }
            state.memory.hiddenBoot -= 1
            answer.edit(SettingsDialect.hideOverride)
        case .alias:
            guard request.isRead else { return }
            Self.edit(&answer) { boot in
                guard boot["BootSourceOverrideEnabled"] != "Disabled" else { return }
                boot["BootSourceOverrideTarget"] = "UefiBootNext"
            }
        case .modeJob:
            if request.boot?[Self.mode] != nil { state.systems[system].bootsForJob = true }
        case .onceOnly:
            Self.edit(&answer) { boot in
                boot["BootSourceOverrideEnabled@Redfish.AllowableValues"] = ["Disabled", "Once"]
            }
        case .refusedDone:
            guard request.boot != nil else { return }
            answer = Refusal.unexplained.answer()
        case .ignored, .modeRefused:
            return
        }
    }

    private static func edit(
        _ answer: inout SimulatedAnswer, _ change: (inout JSONObject) -> Void
    ) {
        answer.edit { resource in
            guard var boot = resource["Boot"]?.object else { return }
            change(&boot)
            resource["Boot"] = .object(boot)
        }
    }
}
