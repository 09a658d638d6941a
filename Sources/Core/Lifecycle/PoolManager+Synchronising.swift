internal import Logging

extension PoolManager {
    /// One look at a device, noted in the pool.
    func look(at device: Device) async -> Look {
        let before = await pool.status(of: device.name)?.observation?.health
        do {
            let driver = try driver(of: device)
            let observation = try await driver.look()
            if await pool.facts(of: device.name) == nil { _ = try? await driver.facts() }
            report(observation, before, of: device)
            return .seen(observation)
        } catch let error as ProviderError where error.kind == .busy {
            return .inconclusive
        } catch {
            guard !Task.isCancelled else { return .inconclusive }
            let reason = Self.text(of: error)
            let observation = Observation(
                power: .unknown, health: .unreachable, reasons: [reason], date: time.date)
            await pool.note(observation, of: device.name)
            report(observation, before, of: device)
            return .failed(reason: reason)
        }
    }

    // A person wants to hear of a change, not of every look.
    private func report(_ observation: Observation, _ before: Health?, of device: Device) {
        guard observation.health != before else { return }
        let reasons = observation.reasons.joined(separator: ", ")
        switch observation.health {
        case .ok:
            if let before { logger.info("\(device.described("ok; it was \(before.rawValue)"))") }
        case .warning, .critical, .unreachable, .refused:
            logger.warning("\(device.described("\(observation.health.rawValue): \(reasons)"))")
        }
    }

    /// Does what the synchroniser's rules want done. Moves are durable when this returns; what
    /// needs the BMC goes on in the background.
    func carryOut(_ action: SynchroniserAction) async {
        do {
            switch action {
            case .fail(let id, let reasons):
                try await move(id, reasons)
            case .fence(let id, let reasons):
                await startFence(of: id, reasons)
            case .recover(let id):
                // A destroy may have begun meanwhile.
                guard operations.running(for: id) == nil else { return }
                try await recover(id)
            case .releaseDuplicate(let id, let other):
                await releaseDuplicate(id, of: other)
            case .restart(let id, let attempt):
                await startRestart(of: id, attempt: attempt)
            case .reportForeign(let name):
                logger.warning(
                    "\(name): free, and found running something that Rackpool did not start: not touched"
                )
                await pool.record(.foreign, of: name, because: "found running while free")
            }
        } catch {
            logger.error("\(Self.text(of: error))")
        }
    }

    private func move(_ id: String, _ reasons: [String]) async throws {
        guard operations.running(for: id) == nil else { return }
        try await pool.fail(id, reasons: reasons)
        logger.warning("\(id): non-functional: \(reasons.joined(separator: ", "))")
    }

    // An action before this one, or a provision meanwhile, may have given its logical ID away.
    private func recover(_ id: String) async throws {
        guard let claim = await pool.instance(id)?.claim else { return }
        if let other = await pool.carriers(of: [claim]).values.first {
            await releaseDuplicate(id, of: other)
            return
        }
        try await pool.recover(id)
        logger.notice("\(id): recovered; it returns to the front of active")
    }

    private func releaseDuplicate(_ id: String, of other: String) async {
        guard let device = await pool.instance(id)?.device else { return }
        logger.notice("\(id): recovered, but its logical ID lives in \(other); releasing it")
        _ = startDestroy(of: id, on: device)
    }

    private func startFence(of id: String, _ reasons: [String]) async {
        guard let instance = await pool.instance(id), let device = instance.device else { return }
        _ = operations.start(.upkeep, for: id) {
            do {
                let driver = try self.driver(of: device)
                let observation = try await driver.look()
                // A BMC that comes back at this moment may say that the server never stopped.
                guard observation.health >= .critical || observation.power != .on else {
                    self.logger.notice("\(id): \(device.name) is well again; not fenced")
                    return true
                }
                self.logger.warning(
                    "\(id): fencing \(device.name): \(reasons.joined(separator: ", "))")
                try await driver.powerOff(grace: .zero)
                guard !instance.claim.isNonFunctional else { return true }
                try await self.pool.fail(id, reasons: reasons + ["powered off to fence it"])
            } catch {
                let reason = device.described(Self.text(of: error))
                self.logger.warning("\(id): \(reason); not confirmed off, so it stays described")
            }
            return true
        }
    }

    private func startRestart(of id: String, attempt: Int) async {
        guard let device = await pool.instance(id)?.device else { return }
        _ = operations.start(.upkeep, for: id) {
            do {
                self.logger.warning(
                    "\(id): \(device.name) was found off; powering on, attempt \(attempt)")
                await self.pool.record(
                    .restarted, of: device.name, because: "found off; attempt \(attempt)",
                    instance: id)
                try await self.driver(of: device).powerOn()
            } catch {
                self.logger.warning("\(id): \(device.described(Self.text(of: error)))")
            }
            return true
        }
    }

    /// Replaces the inventory; what is held for devices that left or changed is dropped.
    public func setInventory(_ devices: [Device]) async {
        for device in await pool.setInventory(devices) {
            await providers[device.provider]?.forget(device)
        }
    }
}
