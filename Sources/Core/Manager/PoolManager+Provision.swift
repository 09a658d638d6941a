internal import Logging

/// Why a provision failed.
public struct ProvisionError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}

extension PoolManager {
    /// After so many refusals of the media no further device is tried for a provision: it may well
    /// be the image that is wrong, and each try costs a device minutes.
    static let mostMediaRefusals = 3

    /// Claims a device for a spec, starts it, and returns the instance's ID: when the device is
    /// confirmed on, or after ``ReconcilerTimes/answer`` while the start goes on.
    /// - Throws: ``SpecError``; ``PlacementError``; ``StoreError``; ``ProvisionError`` that says
    ///   what was tried.
    public func provision(_ spec: ClaimSpec) async throws -> String {
        let provision = Provision(
            spec: spec, properties: try SpecProperties(parsing: spec.properties))
        let task = start(provision) {
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
                reconcilers.wake(id, interrupts: true) { $0.abandon() }
                throw ProvisionError(description: "the caller's time ran out")
            }
            if try await isStarted(claimed, provision) { return id }
            if provision.mediaRefusals >= Self.mostMediaRefusals {
                throw ProvisionError(
                    description:
                        "the media was refused \(provision.mediaRefusals) times, so that no"
                        + " more devices are tried: \(provision.tried)")
            }
        }
    }

    /// Waits until a claimed device runs, or was given up and another one may be tried.
    private func isStarted(_ claimed: ClaimedDevice, _ provision: Provision) async throws -> Bool {
        let (id, device) = (claimed.claim.id, claimed.device)
        let reconciler = reconcilers.wake(id) { reconciler in
            reconciler.setPatience { provision.isAnswered }
        }
        guard let reconciler else { throw StoreError.closed }
        var progress = await reconciler.wait(within: nil) { progress in
            progress.isAtRestOrGone || progress.surrender != nil || progress.state?.goal == .free
        }
        if progress.state == .running { return true }
        guard let surrender = progress.surrender else {
            throw ProvisionError(
                description: device.described(
                    reconcilers.isClosed
                        ? "\(id) is still starting; the daemon is stopping and takes it up at its next start"
                        : "\(id) was destroyed while it started"))
        }
        let mayGoOn = provision.giveUp()
        provision.strike(device, because: surrender.reason, isOfMedia: surrender.isOfMedia)
        guard mayGoOn else { throw ProvisionError(description: device.described(surrender.reason)) }
        // Nobody else gets its logical ID before it is confirmed off.
        if claimed.claim.logicalIDKey != nil {
            progress = await reconciler.wait(within: nil) {
                $0.isKnown && $0.state?.holdsLogicalID != true
            }
            if progress.state?.holdsLogicalID == true {
                throw ProvisionError(description: device.described(surrender.reason))
            }
        }
        return false
    }
}
