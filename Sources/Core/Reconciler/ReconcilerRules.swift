internal import Foundation

/// From what a machine is to its goal: which step comes next. Pure: it knows no clock and does
/// nothing itself.
///
/// It is level-triggered. What is wanted is in the record, what is so in the last look; what was
/// done before matters only where a BMC is given time to show it.
enum ReconcilerRules {
    static func next(_ view: ReconcilerView) -> ReconcilerStep {
        switch view.claim.state {
        case .running, .failed: .rest
        case .starting(let step): view.start(step)
        case .restarting: view.restart()
        case .reviving(let failure): view.revive(failure)
        case .fencing(let failure): view.fence(failure)
        case .refencing(let failure): view.fence(failure)
        case .stopping: view.stop(grace: view.properties.grace)
        case .undoing, .discarding: view.stop(grace: .zero)
        }
    }
}

extension ReconcilerView {
    /// What the last look brought, if it is fresh and is of the claimed machine.
    enum Sight {
        case none
        case seen(Observation)
        case failed(ProviderError)
        case otherMachine(String)
    }

    var sight: Sight {
        guard memory.isFresh else { return .none }
        switch memory.look {
        case .none: return .none
        case .failed(let error): return .failed(error)
        case .answered(let observation, let seen):
            if case .other(let text) = seen.verdict { return .otherMachine(text) }
            return .seen(observation)
        }
    }

    var pause: ReconcilerStep {
        var memory = memory
        return .wait(memory.nextPause())
    }

    func failure(_ reason: String, _ cause: ClaimState.Failure.Cause) -> ClaimState.Failure {
        ClaimState.Failure(since: date, reasons: [reason], cause: cause)
    }

    // MARK: Starting

    func start(_ step: ClaimState.StartStep) -> ReconcilerStep {
        if isAbandoned, step == .claimed { return .release(because: "the caller's time ran out") }
        switch sight {
        case .none: return .look
        case .failed(let error): return retry(error, step) ?? giveUp(error.message, step)
        case .otherMachine(let text): return giveUp(text, step)
        case .seen(let observation):
            switch step {
            case .claimed: return examine(observation)
            case .clearing: return clear()
            case .starting: return bringUp(observation)
            }
        }
    }

    private func giveUp(
        _ reason: String, _ step: ClaimState.StartStep, isOfMedia: Bool = false
    ) -> ReconcilerStep {
        .write(.giveUp(reason: reason, isUntouched: step == .claimed, isOfMedia: isOfMedia))
    }

    /// Another try while there is hope; nil if there is none.
    private func retry(_ error: ProviderError, _ step: ClaimState.StartStep) -> ReconcilerStep? {
        let isPassing = error.isInconclusive || (error.kind == .unreachable && isPatient)
        // A look that says nothing ends nothing while On is awaited.
        let isAwaited = memory.on?.isTaken ?? false
        guard isPassing || (isAwaited && !error.isRefusedAccess),
            now - (memory.trouble?.since ?? now) < times.patience
        else {
            if isAwaited, let first = memory.firstOn, now - first < times.powerChange {
                return pause
            }
            return nil
        }
        return pause
    }

    // A first look, before anything is changed: is the machine what was asked for, well, and off?
    private func examine(_ observation: Observation) -> ReconcilerStep {
        if case .answered(_, let seen) = memory.look, let other = seen.twin {
            return giveUp(
                "is the same machine as \(other): list it once", .claimed)
        }
        if !observation.health.isClaimable {
            return giveUp(
                "health is \(observation.health.rawValue): "
                    + observation.reasons.joined(separator: ", "), .claimed)
        }
        if !properties.require.isEmpty {
            guard let facts, hasLastingFacts || memory.hasAskedForFacts else {
                if let trouble = memory.trouble, !trouble.isOfLook {
                    guard let again = retry(trouble.error, .claimed) else {
                        return giveUp(trouble.error.message, .claimed)
                    }
                    if !memory.hasPaused { return again }
                }
                return .readFacts
            }
            if let objection = properties.require.objection(to: facts) {
                return giveUp("is not what Require asks for: it \(objection)", .claimed)
            }
        }
        switch observation.power {
        case .off: return .write(.advance(.starting))
        case .on, .poweringOn:
            guard properties.powerOff else {
                return giveUp(
                    "was found running, though no instance lives on it, and was not touched:"
                        + " power it off by hand, or say \"PowerOff\": true in the spec", .claimed)
            }
            return .write(.advance(.clearing))
        case .poweringOff, .unknown:
            let error = ProviderError(
                .busy, "the BMC does not say yet whether the device is on or off")
            guard now - (memory.lookingSince ?? now) < times.patience else {
                return giveUp(error.message, .claimed)
            }
            return pause
        }
    }

    private func clear() -> ReconcilerStep {
        if let trouble = memory.trouble, !trouble.isOfLook,
            retry(trouble.error, .clearing) == nil
        {
            return giveUp(trouble.error.message, .clearing)
        }
        if let first = memory.firstCut, now - first >= times.powerChange {
            return giveUp(unshown("Off"), .clearing)
        }
        // What others have sent it before is not known; it is powered on next in any case.
        return powerOff(grace: properties.grace, isBelievedAtOnce: true)
            ?? .write(.advance(.starting))
    }

    private func bringUp(_ observation: Observation) -> ReconcilerStep {
        if observation.power == .on { return .write(.run) }
        if let trouble = memory.trouble, !trouble.isOfLook, memory.on == nil || !isOnTaken {
            guard let again = retry(trouble.error, .starting) else {
                return giveUp(trouble.error.message, .starting, isOfMedia: trouble.isOfMedia)
            }
            if !memory.hasPaused { return again }
        }
        if memory.on == nil {
            if let media = properties.media, !memory.hasMedia { return .insertMedia(media) }
            if let boot = properties.bootSource, !memory.hasBoot { return .setBoot(boot) }
            return .powerOn
        }
        return awaitOn() ?? giveUp(unshown("On"), .starting)
    }

    private var isOnTaken: Bool { memory.on?.isTaken ?? false }

    /// Waits for an On that was sent, or sends it again; nil if its time is over.
    func awaitOn() -> ReconcilerStep? {
        guard let on = memory.on, let first = memory.firstOn else { return .powerOn }
        guard now - first < times.powerChange else { return nil }
        if !on.isTaken { return .powerOn }
        let limit = on.error == nil ? times.resend : times.doubt
        if now - on.at >= limit, memory.power == .off, memory.resends < times.mostResends {
            return .powerOn
        }
        return pause
    }

    func unshown(_ state: String) -> String {
        "the command was sent, but the device is not \(state) after \(times.powerChange.text)"
            + (memory.resends > 0 ? ", though it was sent \(memory.resends + 1) times" : "")
            + ": look at its console and event log"
    }

    // MARK: Powering on again

    func restart() -> ReconcilerStep {
        switch powerOnAgain() {
        case .step(let step): step
        case .isOn: .write(.run)
        case .otherMachine(let text):
            .write(.fail(failure(text, .otherMachine), isOff: false))
        case .inVain: .write(.endRestart)
        }
    }

    func revive(_ reason: ClaimState.Failure) -> ReconcilerStep {
        switch powerOnAgain() {
        case .step(let step): step
        case .isOn: .write(.run)
        case .otherMachine(let text):
            .write(.fail(failure(text, .otherMachine), isOff: false))
        // Nobody else may have its logical ID before it is sure that it stays off.
        case .inVain
        where claim.logicalIDKey != nil
            && claim.power.pendingOns > memory.accountedOns:
            .write(.refence(reason))
        case .inVain: .write(.fail(reason, isOff: false))
        }
    }

    private enum Revival {
        case step(ReconcilerStep)
        case isOn
        case otherMachine(String)
        case inVain
    }

    private func powerOnAgain() -> Revival {
        switch sight {
        case .none: return .step(.look)
        case .failed(let error):
            if isOnTaken, let first = memory.firstOn, now - first < times.powerChange {
                return .step(pause)
            }
            return error.isInconclusive && now - (memory.trouble?.since ?? now) < times.powerChange
                ? .step(pause) : .inVain
        case .otherMachine(let text): return .otherMachine(text)
        case .seen(let observation):
            if observation.power == .on { return .isOn }
            if let on = memory.on, !on.isTaken {
                guard on.error?.isInconclusive == true, let first = memory.firstOn,
                    now - first < times.powerChange
                else { return .inVain }
                return .step(memory.hasPaused ? .powerOn : pause)
            }
            return awaitOn().map(Revival.step) ?? .inVain
        }
    }
}
