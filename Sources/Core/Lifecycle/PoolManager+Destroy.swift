internal import Logging

/// Why a destroy did not come to its end.
public struct DestroyError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}

extension PoolManager {
    /// Powers an instance's device off, confirms it, and releases it. Returns when that is done;
    /// or, after ``LifecycleTimes/answer``, when the BMC has at least taken the command: the rest
    /// goes on, and the instance stays described meanwhile. A second call joins the first.
    /// - Throws: ``InstanceError/unknown(_:)``; ``DestroyError`` if the BMC was not reached or
    ///   refuses: the instance stays described, and is tried again.
    public func destroy(_ id: String) async throws {
        guard let instance = await pool.instance(id) else { throw InstanceError.unknown(id) }
        var running: (task: Task<Void, Never>, destroy: Destroy)?
        // Upkeep may begin between the end of the other operation and the start of this one.
        while running == nil {
            guard await endOtherOperation(of: id) else { return }
            guard let device = instance.device else {
                try await releaseWithoutDevice(id, name: instance.name)
                return
            }
            guard let operation = startDestroy(of: id, on: device) else { throw StoreError.closed }
            if case .destroy(let destroy) = operation.kind { running = (operation.task, destroy) }
        }
        guard let (task, destroy) = running, let device = instance.device else { return }
        if await wait(for: task, within: times.answer, time) {
            do {
                try destroy.outcome.get()
            } catch {
                throw DestroyError(
                    description: device.described(
                        "\(id) is not destroyed yet: \(Self.text(of: error)); it stays described and"
                            + " is tried again"))
            }
        } else if destroy.isAccepted {
            logger.info("\(id): still powering off after \(times.answer.text); it goes on")
        } else {
            throw DestroyError(
                description: device.described(
                    "\(id) is not destroyed yet: no answer from the BMC within"
                        + " \(times.answer.text); it stays described and the attempt goes on"))
        }
    }

    /// Ends what else is done to an instance; false if that has ended the instance too.
    private func endOtherOperation(of id: String) async -> Bool {
        switch operations.running(for: id) {
        case .some(let running):
            if case .destroy = running.kind { return true }
            running.task.cancel()
            await running.task.value
            // A start may have backed out of the claim by itself.
            return await pool.instance(id) != nil
        case nil:
            return true
        }
    }

    private func releaseWithoutDevice(_ id: String, name: String?) async throws {
        guard let name else {
            try await pool.release(id, wasUsed: false)
            logger.info("\(id): named no device; its record is removed")
            return
        }
        throw DestroyError(
            description: "\(id) can't be destroyed: its device \(name) is not in the inventory, so"
                + " it can't be powered off: list it again")
    }

    /// Starts destroying an instance, or joins what does so already. Nil if the daemon is stopping.
    func startDestroy(of id: String, on device: Device) -> Operations.Operation? {
        let destroy = Destroy()
        return operations.start(.destroy(destroy), for: id) {
            await destroy.outcome.record {
                do {
                    try await self.run(destroy, id, on: device)
                } catch {
                    self.logger.warning(
                        "\(id): not destroyed: \(device.described(Self.text(of: error)))")
                    throw error
                }
            }
            return destroy.outcome.isSuccess
        }
    }

    private func run(_ destroy: Destroy, _ id: String, on device: Device) async throws {
        guard let present = await pool.instance(id)?.claim else { return }
        if present.phase == .provisioning(.claimed) {
            // Nothing was changed on the device, and what may run on it is not ours.
            try await pool.release(id, wasUsed: false)
            return
        }
        let claim = try await pool.updateClaim(id) { $0.phase = .releasing }
        let properties = (try? SpecProperties(parsing: claim.spec.properties)) ?? SpecProperties()
        let grace = claim.isNonFunctional ? .zero : properties.grace
        try await stop(claim, on: device, grace: grace) { destroy.accept() }
    }

    /// Powers off, confirms, ejects the media, clears the boot override and releases.
    func stop(
        _ claim: Claim, on device: Device, grace: Duration,
        accepted: @Sendable () -> Void = {}
    ) async throws {
        let driver = try driver(of: device)
        try await driver.powerOff(grace: grace, accepted: accepted)
        try await eject(claim, driver)
        await clearBoot(of: claim, driver)
        try await pool.release(claim.id, wasUsed: true)
        logger.info("\(claim.id): \(device.name) is off and free")
    }

    // The next claim sets its own override, so a BMC that will not clear this one holds nothing up.
    private func clearBoot(of claim: Claim, _ driver: DeviceDriver) async {
        guard let properties = try? SpecProperties(parsing: claim.spec.properties),
            properties.bootSource != nil
        else { return }
        do {
            try await driver.provider.clearBoot(of: driver.device)
        } catch {
            logger.warning(
                "\(claim.id): \(driver.device.described("boot override not cleared: \(error)"))")
        }
    }
}
