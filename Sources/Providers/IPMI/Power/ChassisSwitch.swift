internal import Core
internal import IPMIWire

/// Carries out one power command, and makes out what a refusal or silence means.
///
/// Chassis Control is not sent again blindly after silence: the chassis status tells first whether
/// it was carried out. It can't tell of a cycle or a reset.
struct ChassisSwitch {
    let command: PowerCommand
    let device: Device
    let provider: IPMIProvider
    let attempt: IPMIAttempt

    /// How often the command is sent.
    private static let attempts = 3
    /// The pauses between looks at a chassis that is said to be where it should be and does not
    /// show it.
    private static let pauses: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2)]

    func run() async throws(ProviderError) {
        var state = try await look()
        var isRefused = false
        for sent in 1... {
            if command.isFulfilled(by: state) { return }
            if command.needsPower, state == .off || state == .poweringOff {
                throw attempt.refusal("the device is \(state.rawValue)")
            }
            let failure: IPMIFailure
            switch await attempt.result(of: ChassisControl(command.action)) {
            case .success:
                provider.power.note(command, of: device, now: attempt.time.uptime)
                return
            case .failure(let reason): failure = reason
            }
            let isLast = sent >= Self.attempts || command.needsPower
            if case .silent = failure, !command.needsPower {
                state = try await lookAfterSilence(failure)
                if command.isFulfilled(by: state) {
                    provider.power.note(command, of: device, now: attempt.time.uptime)
                    return
                }
                guard !isLast else { throw try await explained(failure) }
            } else if case .refused(_, .notInThisState) = failure, !isRefused, !isLast {
                // Either there is nothing to do, or the refusal is about a state that passes.
                isRefused = true
                state = try await lookUntilDone()
            } else {
                throw try await explained(failure)
            }
        }
    }

    private func explained(_ failure: IPMIFailure) async throws(ProviderError) -> ProviderError {
        let error = failure.error(attempting: attempt.title)
        if error.mayHaveActed {
            provider.power.note(command, of: device, now: attempt.time.uptime)
        }
        guard case .refused(_, let code) = failure, error.kind == .refused else { return error }
        let state = try await look()
        return ProviderError(
            .refused, "\(error.message); the chassis status says \(state.rawValue)",
            isIncapable: code.meansNotKnown)
    }

    private func look() async throws(ProviderError) -> PowerState {
        provider.state(of: device, in: try await attempt.perform(GetChassisStatus()))
    }

    /// As the BMC shows it, for what an earlier command led to says nothing of this one.
    private func lookAfterSilence(
        _ silence: IPMIFailure
    ) async throws(ProviderError) -> PowerState {
        switch await attempt.result(of: GetChassisStatus()) {
        case .success(let status): return status.isOn ? .on : .off
        case .failure:
            provider.power.note(command, of: device, now: attempt.time.uptime)
            throw silence.error(attempting: attempt.title)
        }
    }

    private func lookUntilDone() async throws(ProviderError) -> PowerState {
        var pauses = Self.pauses[...]
        while true {
            let state = try await look()
            guard !command.isFulfilled(by: state), let pause = pauses.popFirst() else {
                return state
            }
            try await attempt.pause(for: pause)
        }
    }
}

extension PowerCommand {
    /// The chassis control that carries the command out (IPMI v2.0 28.3).
    var action: ChassisControl.Action {
        switch self {
        case .on: .up
        case .gracefulOff: .softOff
        case .forceOff: .down
        case .cycle: .cycle
        case .reset: .hardReset
        }
    }
}

extension CompletionCode {
    /// Whether the BMC does not know the command, or what was asked for with it, so that it is no
    /// use asking again.
    var meansNotKnown: Bool {
        [
            .invalidCommand, .invalidForLUN, .outOfRange, .invalidField,
            .bootParameterNotSupported,
        ].contains(self)
    }
}
