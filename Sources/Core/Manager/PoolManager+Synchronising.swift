internal import Logging

extension PoolManager {
    /// One look at a device, noted in the pool.
    func look(at device: Device) async -> Look {
        let status = await pool.status(of: device.name)
        let before = status?.observation?.health
        do throws(ProviderError) {
            let driver = try driver(of: device)
            // What a start learns of its machine is written with its next step.
            let keeper = status?.claim.flatMap { $0.state == .starting(.claimed) ? nil : $0.id }
            let (observation, seen) = try await driver.look(keeping: keeper)
            guard !seen.isStale else { return .inconclusive }
            let isRunning = observation.power == .on
            if status?.facts == nil || status?.areFactsDoubted == true
                || (isRunning && status?.hasLastingFacts == false)
            {
                _ = try? await driver.facts(isRunning: isRunning)
            }
            report(observation, before, of: device, isClaimed: status?.claim != nil)
            return .seen(observation)
        } catch {
            guard !Task.isCancelled, error.kind != .busy else { return .inconclusive }
            guard error.kind != .shortage else {
                // Who has never answered is not claimed before somebody could look at it.
                if let status, status.lastAnswer == nil, status.claim == nil {
                    await pool.noteFailure(
                        Observation(failure: error, date: time.date), of: device)
                }
                return .shortage(reason: device.described(error.message))
            }
            // What the BMC lacks that was never seen there is a mistake in the inventory. What it had
            // before, a system in a tray, was taken out.
            let isMislisted =
                error.isOfInventory || (error.isIncapable && status?.lastAnswer == nil)
            var observation = Observation(failure: error, date: time.date)
            if isMislisted { observation.health = .refused }
            await pool.noteFailure(observation, of: device)
            report(observation, before, of: device, isClaimed: status?.claim != nil)
            return error.isRefusedAccess || isMislisted
                ? .refused(reason: error.message) : .failed(reason: error.message)
        }
    }

    // A person wants to hear of a change, not of every look.
    private func report(
        _ observation: Observation, _ before: Health?, of device: Device, isClaimed: Bool
    ) {
        guard observation.health != before else { return }
        let reasons = observation.reasons.joined(separator: ", ")
        switch observation.health {
        case .ok:
            if let before { logger.info("\(device.described("ok; it was \(before.rawValue)"))") }
        case .warning, .critical, .unreachable:
            logger.warning("\(device.described("\(observation.health.rawValue): \(reasons)"))")
        case .refused:
            let outcome = isClaimed ? "" : ", and no instance gets it"
            logger.error(
                "\(device.described("nobody can look at it, which the inventory must mend; nothing is moved for that\(outcome): \(reasons)"))"
            )
        }
    }

    /// Does what the synchroniser's rules want done. Moves are durable when this returns; what
    /// needs the BMC goes on in the background.
    func carryOut(_ action: SynchroniserAction) async {
        do {
            switch action {
            case .fail(let id, let reasons): try await fail(id, reasons, .health)
            case .misplace(let id, let reason): try await fail(id, [reason], .otherMachine)
            case .fence(let id, let reasons): try await fence(id, reasons)
            case .hide(let id, let reasons): try await hide(id, reasons)
            case .recover(let id): try await recover(id)
            case .release(let id, let reason): try await release(id, because: reason)
            case .restart(let id, let attempt): try await restart(id, attempt: attempt)
            case .reportForeign(let name):
                logger.warning(
                    "\(name): free, and found running, though no instance lives on it: not touched"
                )
                await pool.record(.foreign, of: name, because: "found running while free")
            }
        } catch is InstanceError {
            // Something else has become of it meanwhile.
        } catch is PlacementError {
            // Its logical ID was given away meanwhile; the next look finds that.
        } catch {
            logger.error("\(Self.text(of: error))")
        }
    }

    private func fail(
        _ id: String, _ reasons: [String], _ cause: ClaimState.Failure.Cause
    ) async throws {
        let failure = ClaimState.Failure(since: time.date, reasons: reasons, cause: cause)
        try await pool.update(id, expecting: .running) { $0.fail(failure) }
        let text = reasons.joined(separator: ", ")
        logger.warning("\(id): non-functional: \(text)")
        await pool.record(.failed, of: await name(of: id), because: text, instance: id)
    }

    private func fence(_ id: String, _ reasons: [String]) async throws {
        let since = time.date
        try await pool.update(id) { draft in
            switch draft.claim.state {
            case .running:
                draft.claim.state = .fencing(ClaimState.Failure(since: since, reasons: reasons))
            case .failed(let failure): draft.claim.state = .refencing(failure)
            default: throw InstanceError.changed(id)
            }
        }
        let name = await name(of: id)
        logger.warning("\(id): fencing \(name): \(reasons.joined(separator: ", "))")
        reconcilers.wake(id, interrupts: true)
    }

    private func hide(_ id: String, _ reasons: [String]) async throws {
        let failure = ClaimState.Failure(since: time.date, reasons: reasons)
        try await pool.update(id) { draft in
            switch draft.claim.state {
            case .stopping: draft.discard(failure)
            case .undoing(let failure): draft.discard(failure)
            case .fencing(let failure), .refencing(let failure): draft.fail(failure)
            default: throw InstanceError.changed(id)
            }
        }
        logger.warning(
            "\(id): is to be powered off, and its BMC does not answer: no longer described"
        )
        reconcilers.wake(id)
    }

    private func recover(_ id: String) async throws {
        do {
            try await pool.update(id) { draft in
                guard case .failed = draft.claim.state else { throw InstanceError.changed(id) }
                draft.run()
            }
        } catch PlacementError.logicalIDRunning(_, let other, _) {
            // Both run, and neither is described: one of them has to go first.
            if case .failed = await pool.instance(other)?.claim.state {
                try await fence(id, ["\(other) runs under its logical ID"])
            }
            return
        } catch PlacementError.logicalIDAstray, PlacementError.logicalIDLost {
            // The next round tells.
            return
        }
        let name = await name(of: id)
        await pool.doubtFacts(of: name)
        logger.notice("\(id): recovered; it returns to the front of active")
        await pool.record(.recovered, of: name, because: "healthy again", instance: id)
    }

    private func release(_ id: String, because reason: String) async throws {
        try await pool.update(id) { draft in
            guard case .failed(let failure) = draft.claim.state else {
                throw InstanceError.changed(id)
            }
            draft.discard(failure)
        }
        logger.notice("\(id): recovered, but \(reason); releasing it")
        reconcilers.wake(id)
    }

    private func restart(_ id: String, attempt: Int) async throws {
        try await pool.update(id) { draft in
            switch draft.claim.state {
            case .running: draft.claim.state = .restarting
            case .failed(let failure): draft.claim.state = .reviving(failure)
            default: throw InstanceError.changed(id)
            }
        }
        let name = await name(of: id)
        logger.warning("\(id): \(name) was found off; powering on, attempt \(attempt)")
        await pool.record(
            .restarted, of: name, because: "found off; attempt \(attempt)", instance: id)
        reconcilers.wake(id)
    }

    private func name(of id: String) async -> String {
        await pool.instance(id)?.name ?? ""
    }

    /// Replaces the inventory; what is held for devices that left or changed is dropped, in the
    /// background, for a BMC that hangs must not hold up the rest.
    /// - Returns: what it meant.
    /// - Throws: ``InventoryRefusal``, ``StoreError``: then the old one stays.
    @discardableResult
    public func setInventory(_ devices: [Device]) async throws -> InventoryPlan {
        let (plan, dropped) = try await pool.setInventory(devices)
        for device in dropped {
            guard let provider = providers[device.provider] else { continue }
            Task { await provider.forget(device) }
        }
        for id in await pool.unfinished() { reconcilers.wake(id) }
        return plan
    }
}
