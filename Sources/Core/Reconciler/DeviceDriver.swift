internal import Logging

/// Looks at a device of the pool; what is learnt on the way is noted there.
struct DeviceDriver: Sendable {
    let device: Device
    let provider: any Provider
    let pool: Pool
    let time: any TimeSource
    let times: ReconcilerTimes
    let logger: Logger

    /// One look, noted in the pool.
    /// - Parameter instance: the instance whose record keeps what the look has learnt of its
    ///   machine; nil if the caller sees to that.
    func look(
        keeping instance: String? = nil
    ) async throws(ProviderError) -> (observation: Observation, seen: SeenMachine) {
        let observation: Observation
        do {
            observation = try await provider.observe(
                device, claimedAt: await pool.claimDate(of: device.name))
        } catch {
            if error.kind == .unreachable { await pool.noteSilence(of: device) }
            throw error
        }
        let seen = await pool.noteAnswer(observation, of: device)
        guard !seen.isNameless else {
            throw ProviderError(
                .busy, "the BMC, which was silent, does not say yet which machine it stands for")
        }
        for news in seen.news { logger.warning("\(device.described(news))") }
        if let instance, let learned = seen.learned {
            do {
                try await pool.learn(learned, of: instance)
            } catch {
                logger.debug("\(instance): its machine is not noted yet: \(error)")
            }
        }
        return (observation, seen)
    }

    /// Reads what the device is made of, and notes it in the pool.
    /// - Parameter isRunning: whether the machine was seen on: what its BMC says then is all that
    ///   there is to know.
    @discardableResult
    func facts(isRunning: Bool) async throws(ProviderError) -> Facts {
        let facts = try await provider.facts(of: device)
        await pool.note(facts, areLasting: isRunning || facts.tellsAll, of: device)
        return facts
    }
}

extension Facts {
    /// Whether all is told that ``Requirement`` may ask for.
    var tellsAll: Bool {
        (coreCount ?? 0) > 0 && (memoryGiB ?? 0) > 0 && model != nil && manufacturer != nil
    }
}
