internal import Foundation

// Powering off, and making sure of it.
extension ReconcilerView {
    // MARK: The ends that lead there

    /// The machine is to be free.
    func stop(grace: Duration) -> ReconcilerStep {
        switch sight {
        case .none: return .look
        case .failed: return pause
        case .otherMachine(let text):
            if case .discarding = claim.state { return pause }
            return .write(.discard(failure(text, .otherMachine)))
        case .seen:
            if let twin {
                return .release(because: "not powered off: \(twin) lives on the same machine")
            }
            if let step = powerOff(grace: grace, isBelievedAtOnce: wasNeverStarted) { return step }
            if let media = properties.media, !memory.isEjected {
                return memory.hasPaused ? .ejectMedia(media) : pause
            }
            if properties.bootSource != nil, !memory.isCleared { return .clearBoot }
            return .release(because: "powered off")
        }
    }

    /// The machine is to be off and keeps its claim.
    func fence(_ reason: ClaimState.Failure) -> ReconcilerStep {
        switch sight {
        case .none: return .look
        case .failed: return pause
        case .otherMachine(let text):
            return .write(.fail(failure(text, .otherMachine), isOff: false))
        case .seen(let observation):
            if let twin {
                var failure = reason
                failure.reasons.append("not powered off: \(twin) lives on the same machine")
                return .write(.fail(failure, isOff: false))
            }
            // A BMC that comes back at this moment may say that the server never stopped.
            if observation.power == .on, observation.health.isClaimable, memory.cut == nil,
                reason.cause == .health, claim.state.isDescribed
            {
                return .write(.run)
            }
            if let step = powerOff(grace: .zero, isBelievedAtOnce: false) { return step }
            var fenced = reason
            if claim.state.isDescribed { fenced.reasons.append("powered off to fence it") }
            return .write(.fail(fenced, isOff: true))
        }
    }

    /// A start that failed without an On that may act has left the machine as it was: off.
    private var wasNeverStarted: Bool {
        claim.state.failure?.cause == .start && claim.power.pendingOns == 0
            && !memory.hasSeenRunning
    }

    // MARK: Off

    /// The next step towards a machine that is off; nil if it is off and stays so.
    ///
    /// - Parameter isBelievedAtOnce: Off is believed without a command of ours, and at once.
    func powerOff(grace: Duration, isBelievedAtOnce: Bool) -> ReconcilerStep? {
        guard let power = memory.power else { return .look }
        if power == .off {
            if isBelievedAtOnce || isKnownOff { return nil }
            // Also after a shutdown: it may be a guest that restarts, or a BMC that says so.
            return memory.cut?.isTaken ?? false ? holdOff() : retryCut
        }
        if let step = awaitShutdown(power, grace: grace) { return step }
        guard let cut = memory.cut, cut.isTaken else { return retryCut }
        if let first = memory.firstCut, now - first >= times.powerChange {
            return .complain(unshown("Off"))
        }
        return now - cut.at >= times.resend ? .cutPower : pause
    }

    /// Whether the machine was confirmed off before, and nothing has led to On since: nothing of ours,
    /// nor mains that came back and its BMC with them.
    private var isKnownOff: Bool {
        claim.power.isConfirmedOff && claim.power.pendingOns == 0 && !memory.hasSeenRunning
            && !isBack
    }

    /// Cuts the power, at once or after the pause that a failure wants.
    private var retryCut: ReconcilerStep {
        guard memory.cut?.isTaken == false else { return .cutPower }
        return memory.hasPaused ? .cutPower : pause
    }

    private func awaitShutdown(_ power: PowerState, grace: Duration) -> ReconcilerStep? {
        guard grace > .zero, memory.cut == nil else { return nil }
        guard let end = memory.graceEnd else {
            return power == .on ? .shutDown(grace: grace) : nil
        }
        guard now < end else { return nil }
        return shortened(to: end - now)
    }

    /// Off is shown after our command: waits as long as an On may still be on its way.
    private func holdOff() -> ReconcilerStep? {
        let pending = claim.power.pendingOns - memory.accountedOns
        if pending > 0 {
            let rest = max(times.latestOn - sinceAnswer, hangingRest)
            if rest > .zero {
                return claim.power.answered == nil ? .write(.noteAnswer) : shortened(to: rest)
            }
        }
        let since = memory.offSince ?? now
        let time =
            if !memory.hasSeenRunning {
                times.unexplainedOff
            } else {
                memory.cut?.wasOff ?? false ? times.guestRestart : .zero
            }
        let rest = time - (now - since)
        return rest > .zero ? shortened(to: rest) : nil
    }

    /// For how long a BMC may yet act that hung, if only while nobody looked.
    private var hangingRest: Duration {
        guard let lastOn = claim.power.lastOn,
            steadyDate.timeIntervalSince(lastOn) < times.longestHang / .seconds(1)
        else { return .zero }
        return min(times.powerChange, times.latestOn) - (now - (answeringSince ?? now))
    }

    /// How long ago the BMC first answered after the last On.
    private var sinceAnswer: Duration {
        if let answered = claim.power.answered {
            let seconds = steadyDate.timeIntervalSince(answered)
            // A clock that was set back says nothing.
            if seconds >= 0 { return .milliseconds(Int64(seconds * 1000)) }
        }
        return memory.answered.map { now - $0 } ?? .zero
    }

    /// The usual pause, but no longer than what remains.
    private func shortened(to rest: Duration) -> ReconcilerStep {
        guard case .wait(let pause) = pause else { return .wait(rest) }
        return .wait(min(pause, rest))
    }
}
