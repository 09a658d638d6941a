internal import Core

extension ClaimState {
    /// The member `Step` of an entry.
    var step: StartStep? {
        if case .starting(let step) = self { step } else { nil }
    }

    /// The state that an entry's members name; nil if they don't go together.
    init?(name: String, step: StartStep?, failure: Failure?) {
        switch (name, step, failure) {
        case ("starting", let step?, nil): self = .starting(step)
        case ("running", nil, nil): self = .running
        case ("restarting", nil, nil): self = .restarting
        case ("stopping", nil, nil): self = .stopping
        case ("fencing", nil, let failure?): self = .fencing(failure)
        case ("failed", nil, let failure?): self = .failed(failure)
        case ("refencing", nil, let failure?): self = .refencing(failure)
        case ("reviving", nil, let failure?): self = .reviving(failure)
        case ("undoing", nil, let failure?): self = .undoing(failure)
        case ("discarding", nil, let failure?): self = .discarding(failure)
        default: return nil
        }
    }

    /// The names of all states.
    static let names = [
        "starting", "running", "restarting", "fencing", "failed", "refencing", "reviving",
        "stopping", "undoing", "discarding",
    ]

    /// What formats 1 and 2, and InfraKit-Instance-C, tell of an instance.
    enum Phase {
        case provisioning(StartStep)
        case active
        case releasing
    }

    /// - Parameter failure: why it is non-functional; nil for one that isn't.
    init(_ phase: Phase, failure: Failure?) {
        self =
            switch (phase, failure) {
            case (.provisioning(let step), nil): .starting(step)
            case (.active, nil): .running
            case (.releasing, nil): .stopping
            // Nobody wrote the first; what was being started is not released unasked.
            case (.provisioning, let failure?), (.active, let failure?): .failed(failure)
            case (.releasing, let failure?): .discarding(failure)
            }
    }
}

extension SentPower {
    /// What can be told of an instance of formats 1 and 2: On was sent, or was about to be.
    init(_ phase: ClaimState.Phase) {
        if case .provisioning(.starting) = phase {
            self.init(pendingOns: 1)
        } else {
            self.init()
        }
    }
}
