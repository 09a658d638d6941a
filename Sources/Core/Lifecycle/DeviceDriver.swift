internal import Logging

/// Steers a device of the pool: what is learnt on the way is noted there.
struct DeviceDriver: Sendable {
    let device: Device
    let provider: any Provider
    let pool: Pool
    let time: any TimeSource
    let times: LifecycleTimes
    let logger: Logger

    /// Switches the device's power.
    var power: PowerDriver {
        PowerDriver(
            device: device, provider: provider, time: time, times: times, logger: logger,
            claimedAt: { [pool, name = device.name] in await pool.claimDate(of: name) },
            seen: { [pool, name = device.name] in await pool.note($0, of: name) })
    }

    /// One look, noted in the pool.
    func look() async throws(ProviderError) -> Observation {
        try await power.look()
    }

    /// What the device is made of, noted in the pool.
    func facts() async throws(ProviderError) -> Facts {
        let facts = try await provider.facts(of: device)
        await pool.note(facts, of: device.name)
        return facts
    }

    /// See ``PowerDriver/powerOn()``.
    func powerOn() async throws {
        try await power.powerOn()
    }

    /// See ``PowerDriver/powerOff(grace:accepted:)``.
    func powerOff(grace: Duration, accepted: @Sendable () -> Void = {}) async throws {
        try await power.powerOff(grace: grace, accepted: accepted)
    }
}
