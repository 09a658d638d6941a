internal import Core
internal import IPMIWire

/// Carries out one power command, and makes out what a refusal or silence means.
///
/// Chassis Control is not sent again blindly after silence: the chassis status tells first whether
/// it was carried out. It can't tell of a cycle or a reset, nor of a state that was there before. On
/// is not sent again at all: each copy may act, and who asked counts those that are on their way.
struct ChassisSwitch {
    let command: PowerCommand
    let attempt: IPMIAttempt

    /// Whether a command was sent of which nobody knows what became of it.
    private var isUncertain = false

    init(_ command: PowerCommand, _ attempt: IPMIAttempt) {
        self.command = command
        self.attempt = attempt
    }

    /// How often the command is sent where nothing comes back.
    private static let attempts = 3

    mutating func run() async throws(ProviderError) {
        let before = try await look()
        if command.needsPower, before == .off {
            throw attempt.refusal("the device is \(before.rawValue)")
        }
        // BMCs ask an operating system to shut down by a press of the power button, which starts a
        // host that is off.
        if command == .gracefulOff, before == .off { return }
        // An operating system that can't be asked now is not waited for: its power can be cut.
        var patience = command == .gracefulOff ? [] : IPMIAttempt.patience[...]
        var silences = 0
        while true {
            let failure: IPMIFailure
            switch await attempt.result(of: ChassisControl(command.action)) {
            case .success: return
            case .failure(let reason): failure = reason
            }
            isUncertain = isUncertain || failure.mayHaveActed
            switch failure {
            case .silent where !command.needsPower:
                let state = try await lookAfterSilence(failure)
                // What was so before is no sign that the command arrived.
                let isDone = command.isFulfilled(by: state) && !command.isFulfilled(by: before)
                if isDone { return }
                silences += 1
                guard silences < Self.attempts, command != .on else {
                    throw explained(failure, state)
                }
            case .refused(_, let code) where explained(failure, before).kind == .refused:
                // Either there is nothing to do, or the refusal is about a state that passes.
                var state = try await look()
                if command.isFulfilled(by: state) { return }
                guard code.mayPass, let pause = patience.popFirst() else {
                    throw explained(failure, state)
                }
                try await attempt.pause(for: pause, mayHaveActed: isUncertain)
                state = try await look()
                if command.isFulfilled(by: state) { return }
                if command.needsPower, state == .off { throw explained(failure, state) }
            default:
                throw explained(failure, before)
            }
        }
    }

    private func explained(_ failure: IPMIFailure, _ state: PowerState) -> ProviderError {
        let error = uncertain(failure.error(attempting: attempt.title))
        guard case .refused(_, let code) = failure, error.kind == .refused else { return error }
        return ProviderError(
            .refused, "\(error.message); the chassis status says \(state.rawValue)",
            mayHaveActed: error.mayHaveActed, isIncapable: code.meansNotKnown)
    }

    /// An error that came after a command of which nobody knows what became of it.
    private func uncertain(_ error: ProviderError) -> ProviderError {
        ProviderError(
            error.kind, error.message, mayHaveActed: isUncertain || error.mayHaveActed,
            isIncapable: error.isIncapable)
    }

    private func look() async throws(ProviderError) -> PowerState {
        do throws(ProviderError) {
            return try await attempt.perform(GetChassisStatus()).isOn ? .on : .off
        } catch {
            throw uncertain(error)
        }
    }

    private func lookAfterSilence(
        _ silence: IPMIFailure
    ) async throws(ProviderError) -> PowerState {
        switch await attempt.result(of: GetChassisStatus()) {
        case .success(let status): return status.isOn ? .on : .off
        case .failure: throw uncertain(silence.error(attempting: attempt.title))
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
    /// Whether the BMC does not know the command.
    var meansNoSuchCommand: Bool { [.invalidCommand, .invalidForLUN].contains(self) }

    /// Whether nothing was done because of a state of the device, or of the BMC, that passes (IPMI
    /// v2.0 table 5-2).
    var mayPass: Bool { [.notInThisState, .destinationUnavailable].contains(self) }

    /// Whether the BMC does not know the command, or what was asked for with it, so that it is no
    /// use asking again.
    var meansNotKnown: Bool {
        [
            .invalidCommand, .invalidForLUN, .outOfRange, .invalidField,
            .bootParameterNotSupported,
        ].contains(self)
    }

    /// Whether the code says that nothing was done (IPMI v2.0 table 5-2). The others may stand for a
    /// command that was carried out: a timeout, a response that could not be provided, an
    /// unspecified error, a vendor's own.
    var meansNothingDone: Bool {
        [
            .nodeBusy, .invalidCommand, .invalidForLUN, .outOfSpace, .reservationCancelled,
            .truncated, .invalidLength, .lengthExceeded, .outOfRange, .cannotReturnThatMany,
            .notPresent, .invalidField, .illegal, .repositoryUpdating, .firmwareUpdating,
            .initialising, .destinationUnavailable, .insufficientPrivilege, .notInThisState,
            .disabled,
        ].contains(self)
    }
}
