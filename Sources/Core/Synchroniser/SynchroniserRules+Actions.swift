// What is to be done after a look at one device.
extension SynchroniserRules {
    mutating func actions(
        after look: Look, _ status: DeviceStatus, _ knowledge: Knowledge, at now: Duration
    ) -> [SynchroniserAction] {
        guard let claim = status.claim else { return actionsForFree(look, status) }
        switch claim.state {
        case .running: return actionsForRunning(look, status, claim, at: now)
        case .failed(let failure):
            return actionsForFailed(look, status, claim, failure, knowledge, at: now)
        case .stopping, .undoing: return actionsForStopping(look, status, claim)
        case .fencing, .refencing:
            return settings.fence == .bestEffort ? actionsForStopping(look, status, claim) : []
        case .starting, .restarting, .reviving, .discarding: return []
        }
    }

    // MARK: Running

    private mutating func actionsForRunning(
        _ look: Look, _ status: DeviceStatus, _ claim: Claim, at now: Duration
    ) -> [SynchroniserAction] {
        if let mismatch = status.mismatch {
            guard (watches[status.name]?.misplacedLooks ?? 0) >= settings.failAfter, !isFrozen
            else { return [] }
            return [.misplace(instance: claim.id, reason: mismatch)]
        }
        if let reasons = failure(look, status.name), !isFrozen {
            return [fail(claim, reasons, isUnreachable: look.isUnreachable)]
        }
        guard case .seen(let observation) = look, observation.power == .off,
            observation.health < .critical
        else { return [] }
        if let restart = restart(claim, status.name, at: now) { return restart }
        guard !isFrozen else { return [] }
        let attempts = settings.restartPauses.count
        return [
            fail(
                claim, ["found off, and powered on in vain \(attempts) times"],
                isUnreachable: false)
        ]
    }

    private func fail(
        _ claim: Claim, _ reasons: [String], isUnreachable: Bool
    ) -> SynchroniserAction {
        guard claim.spec.logicalID != nil else {
            return .fail(instance: claim.id, reasons: reasons)
        }
        if isUnreachable, settings.fence == .bestEffort {
            return .fail(instance: claim.id, reasons: reasons)
        }
        return .fence(instance: claim.id, reasons: reasons)
    }

    /// Why a device has failed by now, or nil.
    private func failure(_ look: Look, _ name: String) -> [String]? {
        guard let watch = watches[name] else { return nil }
        switch look {
        // A good look that came too soon to count is no bad one.
        case .seen(let observation)
        where observation.health == .critical && watch.criticalLooks >= settings.failAfter:
            return observation.reasons.isEmpty ? ["health is critical"] : observation.reasons
        case .failed(let reason) where watch.unreachableLooks >= settings.unreachableAfter:
            return ["\(watch.unreachableLooks) looks in a row failed: \(reason)"]
        default: return nil
        }
    }

    /// Powers on again, or waits for the time to do so; nil if all attempts are spent.
    private mutating func restart(
        _ claim: Claim, _ name: String, at now: Duration
    ) -> [SynchroniserAction]? {
        guard var watch = watches[name] else { return [] }
        guard watch.restarts < settings.restartPauses.count else {
            if let due = watch.restartDue, now < due { return [] }
            return nil
        }
        let due = watch.restartDue ?? now + settings.restartPauses[watch.restarts]
        watch.restartDue = due
        defer { watches[name] = watch }
        guard now >= due else { return [] }
        watch.restarts += 1
        // After the last attempt there is one more pause, for it to take effect.
        let next = min(watch.restarts, settings.restartPauses.count - 1)
        watch.restartDue = now + settings.restartPauses[next]
        return [.restart(instance: claim.id, attempt: watch.restarts)]
    }

    // MARK: Going

    /// An instance that is to go, and whose BMC is dead, must not fill its group for ever.
    private func actionsForStopping(
        _ look: Look, _ status: DeviceStatus, _ claim: Claim
    ) -> [SynchroniserAction] {
        guard look.isUnreachable, let reasons = failure(look, status.name), !isFrozen,
            claim.spec.logicalID == nil || settings.fence == .bestEffort
        else { return [] }
        return [.hide(instance: claim.id, reasons: reasons)]
    }

    // MARK: Failed

    private mutating func actionsForFailed(
        _ look: Look, _ status: DeviceStatus, _ claim: Claim, _ failed: ClaimState.Failure,
        _ knowledge: Knowledge, at now: Duration
    ) -> [SynchroniserAction] {
        guard case .seen(let observation) = look, status.mismatch == nil else { return [] }
        let holder = claim.logicalIDKey.flatMap(knowledge.holder)
        if observation.power == .on, claim.logicalIDKey != nil {
            // It runs twice.
            if let holder {
                return [
                    .release(instance: claim.id, reason: "its logical ID lives in \(holder)")
                ]
            }
            // Its logical ID may live elsewhere at any time, so it must not go on running unseen.
            if let reasons = failure(look, status.name) ?? stayingOut(failed, status) {
                return [.fence(instance: claim.id, reasons: reasons)]
            }
        }
        guard stayingOut(failed, status) == nil,
            (watches[status.name]?.goodLooks ?? 0) >= settings.recoverAfter
        else { return [] }
        if let holder {
            return [.release(instance: claim.id, reason: "its logical ID lives in \(holder)")]
        }
        if knowledge.outdated.contains(claim.id) {
            return [
                .release(
                    instance: claim.id, reason: "its configuration is not its group's newest")
            ]
        }
        switch observation.power {
        case .on: return [.recover(instance: claim.id)]
        case .off: return restart(claim, status.name, at: now) ?? []
        default: return []
        }
    }

    /// Why a device does not come back though it looks well; nil if it does.
    private func stayingOut(
        _ failed: ClaimState.Failure, _ status: DeviceStatus
    ) -> [String]? {
        failed.cause == .replaced && status.cordon != nil ? failed.reasons : nil
    }

    // MARK: Free

    private mutating func actionsForFree(
        _ look: Look, _ status: DeviceStatus
    ) -> [SynchroniserAction] {
        guard case .seen(let observation) = look else { return [] }
        let isForeign = observation.power == .on
        let wasForeign = watches[status.name]?.isForeign ?? false
        watches[status.name]?.isForeign = isForeign
        return isForeign && !wasForeign ? [.reportForeign(device: status.name)] : []
    }
}
