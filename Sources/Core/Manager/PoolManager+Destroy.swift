internal import Locking
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
        guard let isNews = try await begin(toStop: instance.claim) else { return }
        guard let device = await pool.instance(id)?.device else {
            let name = instance.name ?? ""
            throw DestroyError(
                description:
                    "\(id) is not destroyed yet: its device \(name) is not in the inventory,"
                    + " so it can't be powered off: list it again, and that is done; or rackpool"
                    + " forget \(id) --lost if the machine is gone")
        }
        // A second call joins the first, and breaks off nothing.
        guard let reconciler = reconcilers.wake(id, interrupts: isNews) else { return }
        let progress = await reconciler.wait(within: times.destroyAnswer, until: \.isBeingFreed)
        if !progress.isBeingFreed, let error = progress.error {
            throw DestroyError(
                description: device.described(
                    "\(id) is not destroyed yet: \(error); it stays described and is tried again"))
        }
    }

    /// Writes down that an instance is to go.
    /// - Returns: whether that is news; nil if the instance is gone already.
    private func begin(toStop claim: Claim) async throws -> Bool? {
        if claim.state == .starting(.claimed) {
            // Nothing was changed on the machine, and what may run on it is not ours.
            do {
                try await pool.release(
                    claim.id, expecting: .starting(.claimed), because: "not used")
                reconcilers.wake(claim.id, interrupts: true)
                return nil
            } catch InstanceError.changed {}
        }
        let isNews = Mutex(false)
        do {
            try await pool.update(claim.id) { draft in
                let before = draft.claim.state
                draft.stop()
                let isChanged = draft.claim.state != before
                isNews.withLock { $0 = isChanged }
            }
            return isNews.withLock { $0 }
        } catch InstanceError.unknown {
            return nil
        }
    }
}
