/// What an operator has done with a device's power.
public enum PowerAction: Sendable, Hashable {
    /// Just looks.
    case status
    case on
    /// Asks the operating system to shut down, and cuts the power after `grace`; at once if that is
    /// zero.
    case off(grace: Duration)
    case cycle
    case reset

    /// `power off`, `reset`.
    public var title: String {
        switch self {
        case .status: "look"
        case .on: "power on"
        case .off: "power off"
        case .cycle: "power cycle"
        case .reset: "reset"
        }
    }
}

/// What came of a ``PowerAction``.
public struct PowerReport: Sendable, Hashable {
    /// The state that the BMC shows, or has confirmed.
    public var power: PowerState
    /// Told only by ``PowerAction/status``.
    public var health: Health?
    /// What a person should know beside that: `was Off already`; why the health is bad.
    public var remark: String?

    public init(power: PowerState, health: Health? = nil, remark: String? = nil) {
        self.power = power
        self.health = health
        self.remark = remark
    }
}

extension PowerDriver {
    /// Carries an action out, and returns when the BMC confirms what it leads to.
    /// - Throws: `ProviderError` if the BMC refuses, is not reached, or does not confirm in time.
    public func perform(_ action: PowerAction) async throws -> PowerReport {
        let before = try await look()
        switch action {
        case .status:
            let reasons = before.reasons.joined(separator: ", ")
            return PowerReport(
                power: before.power, health: before.health, remark: reasons.isEmpty ? nil : reasons)
        case .on:
            if before.power == .on { return .already(.on) }
            try await powerOn()
            return PowerReport(power: .on)
        case .off(let grace):
            if before.power == .off { return .already(.off) }
            let wasCut = try await powerOff(grace: grace)
            return PowerReport(
                power: .off,
                remark: wasCut && grace > .zero
                    ? "did not shut down within \(grace.text): the power was cut" : nil)
        case .cycle:
            try checkRunning(before, for: action)
            let wasOff = try await cycle()
            return PowerReport(
                power: .on, remark: wasOff ? nil : "the BMC took the command; it was not seen Off")
        case .reset:
            try checkRunning(before, for: action)
            try await reset()
            return PowerReport(power: .on)
        }
    }

    private func checkRunning(_ before: Observation, for action: PowerAction) throws {
        guard before.power == .off else { return }
        throw ProviderError(
            .refused, "\(action.title) refused: the device is off; power it on instead")
    }
}

extension PowerReport {
    fileprivate static func already(_ state: PowerState) -> PowerReport {
        PowerReport(power: state, remark: "was \(state.rawValue) already")
    }
}
