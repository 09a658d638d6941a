internal import Core

/// Boot overrides that are not taken as they were sent.
enum BootDialect: DialectBehaviour {
    case ignored
    case late
    case modeDropped
    case modeRefused

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
        case .late, .modeDropped, .modeRefused: return nil
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
        case .ignored, .modeRefused:
            return
        }
    }
}
