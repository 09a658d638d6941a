internal import Logging

/// Brings a device into a state and makes sure that it is there, through its provider's single
/// steps.
struct DeviceDriver: Sendable {
    let device: Device
    let provider: any Provider
    let pool: Pool
    let time: any TimeSource
    let times: LifecycleTimes
    let logger: Logger

    /// One look, noted in the pool.
    func look() async throws(ProviderError) -> Observation {
        let observation = try await provider.observe(device)
        await pool.note(observation, of: device.name)
        return observation
    }

    /// What the device is made of, noted in the pool.
    func facts() async throws(ProviderError) -> Facts {
        let facts = try await provider.facts(of: device)
        await pool.note(facts, of: device.name)
        return facts
    }

    /// Powers on and returns when the BMC says that the device is on.
    func powerOn() async throws {
        try await command(.on)
        try await confirm(.on)
    }

    /// Powers off and returns when the BMC says that the device is off: asks the operating system
    /// first if `grace` is positive, then cuts the power.
    /// - Parameter accepted: called as soon as the BMC has taken a command.
    func powerOff(grace: Duration, accepted: @Sendable () -> Void = {}) async throws {
        let state = try await look().power
        if state == .off {
            accepted()
            return
        }
        if grace > .zero, state == .on {
            do {
                try await command(.gracefulOff)
                accepted()
                if try await reaches(.off, within: grace) { return }
                logger.info(
                    "\(device.described("did not shut down within \(grace.text); cutting the power"))"
                )
            } catch let error as ProviderError where error.kind == .refused {
                logger.info(
                    "\(device.described("no graceful shutdown (\(error)); cutting the power"))")
            }
        }
        try await command(.forceOff)
        accepted()
        try await confirm(.off)
    }

    // A command whose answer was lost may have been carried out: looking tells.
    private func command(_ command: PowerCommand) async throws {
        do {
            try await provider.setPower(command, of: device)
        } catch {
            let wanted: PowerState = command == .on ? .on : .off
            guard error.mayHaveActed, try await reaches(wanted, within: times.longestPause) else {
                throw error
            }
        }
    }

    private func confirm(_ state: PowerState) async throws {
        guard try await reaches(state, within: times.powerChange) else {
            throw ProviderError(
                .refused,
                "the BMC took the command, but the device is not \(state.rawValue) after"
                    + " \(times.powerChange.text): look at its console and event log")
        }
    }

    /// Looks until the device is in a state. A look that fails counts as one that says nothing,
    /// for BMCs pause while they switch; the last one's error is thrown if the time runs out so.
    private func reaches(_ state: PowerState, within limit: Duration) async throws -> Bool {
        let end = time.uptime + limit
        var pauses = times.pauses()
        while true {
            let look = await lookForState()
            if case .success(state) = look { return true }
            let rest = end - time.uptime
            guard rest > .zero else {
                _ = try look.get()
                return false
            }
            if case .failure(let error) = look, !error.isPassing { throw error }
            try await time.sleep(for: min(pauses.next() ?? rest, rest))
        }
    }

    private func lookForState() async -> Result<PowerState, ProviderError> {
        do {
            return .success(try await look().power)
        } catch {
            return .failure(error)
        }
    }
}

extension ProviderError {
    /// Whether the same request may well succeed a little later.
    var isPassing: Bool { kind == .unreachable || kind == .busy }
}
