internal import Logging

/// Why a provision failed.
public struct ProvisionError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    static let destroyed = ProvisionError(description: "was destroyed meanwhile")
}

extension PoolManager {
    /// Claims a device for a spec, starts it, and returns the instance's ID: when the device is
    /// confirmed on, or after ``LifecycleTimes/answer`` while the start goes on.
    /// - Throws: ``SpecError``; ``PlacementError``; ``StoreError``; ``ProvisionError`` that says
    ///   what was tried.
    public func provision(_ spec: ClaimSpec) async throws -> String {
        let provision = Provision(
            spec: spec, properties: try SpecProperties(parsing: spec.properties))
        let task = operations.start(provision) {
            await provision.outcome.record { try await self.run(provision) }
        }
        guard let task else { throw StoreError.closed }
        if await wait(for: task, within: times.answer, time) { return try provision.outcome.get() }
        if let id = provision.timeIsOver() {
            logger.info("\(id): still starting after \(times.answer.text); it goes on")
            return id
        }
        let tried = provision.tried
        throw ProvisionError(
            description: "no device was started within \(times.answer.text)"
                + (tried.isEmpty ? "" : "; tried: \(tried)"))
    }

    // Tries one device after the other until one runs.
    private func run(_ provision: Provision) async throws -> String {
        while true {
            let claimed: ClaimedDevice
            do {
                claimed = try await pool.claim(
                    provision.spec, provision.properties, excluding: provision.struck)
            } catch let error as PlacementError where !provision.tried.isEmpty {
                throw ProvisionError(description: "\(error); tried: \(provision.tried)")
            }
            let id = claimed.claim.id
            logger.info("\(id): claimed for \(provision.spec.group ?? "no group")")
            guard provision.begin(id) else {
                try await pool.release(id, wasUsed: false)
                throw ProvisionError(description: "the caller's time ran out")
            }
            guard try await start(claimed, provision) else { return id }
            if provision.mediaRefusals >= Self.mostMediaRefusals {
                throw ProvisionError(
                    description:
                        "the media was refused \(provision.mediaRefusals) times, so that no"
                        + " more devices are tried: \(provision.tried)")
            }
        }
    }

    /// Starts a claimed device. Returns false if it runs, and true if it was given up and another
    /// one may be tried.
    private func start(_ claimed: ClaimedDevice, _ provision: Provision) async throws -> Bool {
        let (claim, device) = (claimed.claim, claimed.device)
        let outcome = Outcome<Bool>()
        let operation = operations.start(.provision, for: claim.id) {
            await outcome.record {
                do {
                    try await self.bringUp(claim.id, on: device, provision.properties) {
                        provision.isAnswered
                    }
                    return false
                } catch {
                    let reason = Self.text(of: error)
                    guard !Task.isCancelled else { throw self.cutShort(claim.id, on: device) }
                    let mayGoOn = provision.giveUp()
                    provision.strike(device, because: reason, isOfMedia: error is MediaRefusal)
                    try await self.backOut(of: claim.id, on: device, because: error)
                    guard mayGoOn else {
                        throw ProvisionError(description: device.described(reason))
                    }
                    return true
                }
            }
            return await self.isFinished(claim.id)
        }
        guard let operation else {
            operations.leaveUnattended([claim.id])
            throw StoreError.closed
        }
        await withTaskCancellationHandler {
            await operation.task.value
        } onCancel: {
            operation.task.cancel()
        }
        return try outcome.get()
    }

    func resumeProvision(of claim: Claim, on device: Device) {
        _ = operations.start(.provision, for: claim.id) {
            self.logger.info("\(claim.id): taking up its start again")
            do {
                let properties = try SpecProperties(parsing: claim.spec.properties)
                try await self.bringUp(claim.id, on: device, properties) { true }
            } catch {
                guard !Task.isCancelled else { return false }
                do {
                    try await self.backOut(of: claim.id, on: device, because: error)
                } catch {
                    self.logger.error("\(claim.id): \(Self.text(of: error))")
                }
            }
            return await self.isFinished(claim.id)
        }
    }

    /// Whether nobody need come back to an instance.
    func isFinished(_ id: String) async -> Bool {
        guard let claim = await pool.instance(id)?.claim else { return true }
        return claim.phase == .active
    }

    private func cutShort(_ id: String, on device: Device) -> ProvisionError {
        ProvisionError(
            description: device.described(
                operations.isClosed
                    ? "\(id) is still starting; the daemon is stopping and takes it up at its next start"
                    : "\(id) was destroyed while it started"))
    }

    // MARK: One device

    /// Starts a claimed device and confirms that it runs, from whatever step it had come to.
    /// - Parameter isPatient: whether to keep at it while the BMC does not answer, since nothing is
    ///   gained by another device any more.
    private func bringUp(
        _ id: String, on device: Device, _ properties: SpecProperties,
        isPatient: @escaping @Sendable () -> Bool
    ) async throws {
        let driver = try driver(of: device)
        let end = time.uptime + times.patience
        var pauses = times.pauses()
        while true {
            do {
                try await bringUpOnce(id, driver, properties)
                return
            } catch let error as ProviderError {
                let isPassing = error.kind == .busy || (error.kind == .unreachable && isPatient())
                guard isPassing, time.uptime < end, let pause = pauses.next() else { throw error }
                logger.debug("\(id): \(device.described(error.message)); trying again")
                try await time.sleep(for: pause)
            }
        }
    }

    private func bringUpOnce(
        _ id: String, _ driver: DeviceDriver, _ properties: SpecProperties
    ) async throws {
        guard let claim = await pool.instance(id)?.claim, case .provisioning(var step) = claim.phase
        else { throw ProvisionError.destroyed }
        if step == .claimed {
            step = try await examine(driver, properties)
            try await advance(id, to: .provisioning(step))
        }
        if step == .clearing {
            try await driver.powerOff(grace: properties.grace)
            try await advance(id, to: .provisioning(.starting))
        }
        if try await driver.look().power != .on {
            if let media = properties.media { try await insert(media, driver) }
            if let boot = properties.bootSource {
                try await driver.provider.setBoot(boot, of: driver.device)
            }
            try await driver.powerOn()
        }
        try await advance(id, to: .active)
        logger.info("\(id): \(driver.device.name) is on")
    }

    private func advance(_ id: String, to phase: Claim.Phase) async throws {
        try await pool.updateClaim(id) { claim in
            guard case .provisioning = claim.phase else { throw ProvisionError.destroyed }
            claim.phase = phase
        }
    }

    // A first look, before anything is changed: is the device what was asked for, well, and off?
    private func examine(
        _ driver: DeviceDriver, _ properties: SpecProperties
    ) async throws -> Claim.ProvisioningStep {
        let observation = try await driver.look()
        if observation.health >= .critical {
            throw ProviderError(
                .refused,
                "health is \(observation.health.rawValue): "
                    + observation.reasons.joined(separator: ", "))
        }
        if !properties.require.isEmpty {
            let known = await pool.facts(of: driver.device.name)
            let facts: Facts
            if let known { facts = known } else { facts = try await driver.facts() }
            if let objection = properties.require.objection(to: facts) {
                throw ProviderError(.refused, "is not what Require asks for: it \(objection)")
            }
        }
        switch observation.power {
        case .off: return .starting
        case .on, .poweringOn:
            guard properties.powerOff else {
                throw ProviderError(
                    .refused,
                    "was found running something that Rackpool did not start, and was not touched:"
                        + " power it off by hand, or say \"PowerOff\": true in the spec")
            }
            return .clearing
        case .poweringOff, .unknown:
            throw ProviderError(.busy, "the BMC does not say yet whether the device is on or off")
        }
    }

    /// Undoes a start that failed: off, media ejected, boot override cleared, released. A device that
    /// can't be confirmed off keeps its claim, as non-functional, until it is.
    private func backOut(of id: String, on device: Device, because error: any Error) async throws {
        let reason = Self.text(of: error)
        logger.warning("\(id): not started: \(device.described(reason))")
        if let error = error as? ProviderError, [.unreachable, .unauthorised].contains(error.kind) {
            await pool.note(
                Observation(
                    power: .unknown, health: .unreachable, reasons: [error.message], date: time.date
                ),
                of: device.name)
        }
        guard let claim = await pool.instance(id)?.claim else { return }
        if claim.phase == .provisioning(.claimed) {
            try await pool.release(id, wasUsed: false)
            return
        }
        let date = time.date
        let failed = try await pool.updateClaim(id) { claim in
            claim.phase = .releasing
            claim.failure = Claim.Failure(since: date, reasons: [reason])
        }
        do {
            try await stop(failed, on: device, grace: .zero)
        } catch {
            logger.warning(
                "\(id): \(device.described(Self.text(of: error))); it stays claimed until it is confirmed off"
            )
        }
    }

    static func text(of error: any Error) -> String {
        error is CancellationError ? "was cut short, for the daemon is stopping" : "\(error)"
    }
}
