internal import Core

/// How a system's power state moves. Knows no clock: it says which delay it waits for, and is told
/// when that is over.
struct PowerMachine: Sendable {
    enum Phase: Sendable, Hashable {
        case off
        case on
        /// The operating system was asked to go down. Still reported as on.
        case shuttingDown(restart: Bool)
        case poweringOff(restart: Bool)
        case poweringOn
        /// A reset without a loss of power: reported as on, and ends with a boot.
        case restarting
        /// The BMC does not say, as some don't.
        case unknown
    }

    enum Outcome: Sendable, Hashable {
        /// The system begins to change, or was interrupted as asked.
        case accepted
        /// The system is where the request would bring it, or can't take it.
        case noEffect
        /// The system is going off, and can't be told to come back yet.
        case inTransition
    }

    enum Delay: Sendable, Hashable {
        /// The time that the hardware takes.
        case power
        /// The time that the operating system takes to shut down.
        case shutdown
    }

    private(set) var phase: Phase
    /// Changes with every change of phase, so that a timer of an earlier phase is recognised.
    private(set) var generation = 0

    init(_ power: PowerState) {
        phase = Self.phase(for: power)
    }

    /// What `PowerState` reads.
    var reported: PowerState {
        switch phase {
        case .off: .off
        case .on, .shuttingDown, .restarting: .on
        case .poweringOff: .poweringOff
        case .poweringOn: .poweringOn
        case .unknown: .unknown
        }
    }

    /// What the present phase waits for; nil if it stays as it is.
    var delay: Delay? {
        switch phase {
        case .off, .on, .unknown: nil
        case .shuttingDown: .shutdown
        case .poweringOff, .poweringOn, .restarting: .power
        }
    }

    /// Puts the system into a state from outside, as a hand on the power button would.
    mutating func force(_ power: PowerState) {
        move(to: Self.phase(for: power))
    }

    mutating func receive(_ reset: ResetType) -> Outcome {
        switch phase {
        case .off: receiveOff(reset)
        case .on, .restarting, .unknown: receiveOn(reset)
        case .shuttingDown: receiveShuttingDown(reset)
        case .poweringOn: receivePoweringOn(reset)
        case .poweringOff(let restart): receivePoweringOff(reset, restart: restart)
        }
    }

    /// The present phase's ``delay`` is over.
    /// - Returns: whether the system boots now.
    mutating func elapse() -> Bool {
        switch phase {
        case .off, .on, .unknown:
            return false
        case .shuttingDown(restart: false):
            move(to: .poweringOff(restart: false))
            return false
        case .poweringOff(restart: false):
            move(to: .off)
            return false
        case .poweringOff(restart: true):
            move(to: .poweringOn)
            return false
        case .poweringOn, .restarting, .shuttingDown(restart: true):
            move(to: .on)
            return true
        }
    }

    private mutating func receiveOff(_ reset: ResetType) -> Outcome {
        switch reset {
        case .on, .forceOn, .pushPowerButton: move(to: .poweringOn)
        default: .noEffect
        }
    }

    private mutating func receiveOn(_ reset: ResetType) -> Outcome {
        switch reset {
        case .on, .forceOn: phase == .unknown ? move(to: .poweringOn) : .noEffect
        case .forceOff: move(to: .poweringOff(restart: false))
        case .gracefulShutdown, .off, .pushPowerButton: move(to: .shuttingDown(restart: false))
        case .gracefulRestart: move(to: .shuttingDown(restart: true))
        case .forceRestart: move(to: .restarting)
        case .powerCycle, .fullPowerCycle: move(to: .poweringOff(restart: true))
        case .nmi: .accepted
        }
    }

    private mutating func receiveShuttingDown(_ reset: ResetType) -> Outcome {
        switch reset {
        case .forceOff: move(to: .poweringOff(restart: false))
        case .forceRestart: move(to: .restarting)
        case .powerCycle, .fullPowerCycle: move(to: .poweringOff(restart: true))
        case .nmi: .accepted
        case .on, .forceOn, .gracefulShutdown, .off, .pushPowerButton, .gracefulRestart: .noEffect
        }
    }

    private mutating func receivePoweringOn(_ reset: ResetType) -> Outcome {
        switch reset {
        case .forceOff: move(to: .poweringOff(restart: false))
        case .nmi: .accepted
        default: .noEffect
        }
    }

    private mutating func receivePoweringOff(_ reset: ResetType, restart: Bool) -> Outcome {
        switch reset {
        case .forceOff: restart ? move(to: .poweringOff(restart: false)) : .noEffect
        case .off, .gracefulShutdown: restart ? .inTransition : .noEffect
        default: .inTransition
        }
    }

    @discardableResult
    private mutating func move(to phase: Phase) -> Outcome {
        self.phase = phase
        generation += 1
        return .accepted
    }

    private static func phase(for power: PowerState) -> Phase {
        switch power {
        case .on: .on
        case .off: .off
        case .poweringOn: .poweringOn
        case .poweringOff: .poweringOff(restart: false)
        case .unknown: .unknown
        }
    }
}
