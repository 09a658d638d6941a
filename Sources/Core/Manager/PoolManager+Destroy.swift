internal import Logging

/// Why a destroy did not come to its end.
public struct DestroyError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}

extension PoolManager {
    /// Has an instance's device powered off, confirmed, and released. Returns when the BMC has taken
    /// the command, or has not answered within ``ReconcilerTimes/destroyAnswer``: it goes on, also
    /// after a restart, and the instance stays described until the device is off.
    /// - Throws: ``InstanceError/unknown(_:)``, ``StoreError``; ``DestroyError`` if the BMC was not
    ///   reached or refuses: the instance stays described, and is tried again.
    public func destroy(_ id: String) async throws {
        guard let instance = await pool.instance(id) else { throw InstanceError.unknown(id) }
        guard instance.name != nil else {
            try await pool.release(id, because: "named no device")
            logger.info("\(id): named no device; its record is removed")
            return
        }
        guard try await begin(toStop: instance.claim) else { return }
        guard let device = await pool.instance(id)?.device else {
            let name = instance.name ?? ""
            throw DestroyError(
                description:
                    "\(id) is not destroyed yet: its device \(name) is not in the inventory,"
                    + " so it can't be powered off: list it again, and that is done; or rackpool"
                    + " forget \(id) --lost if the machine is gone")
        }
        guard let reconciler = reconcilers.wake(id, interrupts: true) else { return }
        let progress = await reconciler.wait(within: times.destroyAnswer) { progress in
            progress.isGone || progress.isOffTaken
        }
        if !progress.isGone, !progress.isOffTaken, let error = progress.error {
            throw DestroyError(
                description: device.described(
                    "\(id) is not destroyed yet: \(error); it stays described and is tried again"))
        }
    }

    /// Writes down that an instance is to go; false if it is gone already.
    private func begin(toStop claim: Claim) async throws -> Bool {
        if claim.state == .starting(.claimed) {
            // Nothing was changed on the machine, and what may run on it is not ours.
            do {
                try await pool.release(
                    claim.id, expecting: .starting(.claimed), because: "not used")
                reconcilers.wake(claim.id, interrupts: true)
                return false
            } catch InstanceError.changed {}
        }
        do {
            try await pool.update(claim.id) { $0.stop() }
            return true
        } catch InstanceError.unknown {
            return false
        }
    }
}
