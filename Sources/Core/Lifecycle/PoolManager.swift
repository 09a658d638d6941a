public import Logging

/// Carries out what InfraKit asks for: claims a device and starts it, stops it and releases it, and
/// finishes what a crash or a dead BMC left half done.
///
/// Each instance has at most one operation at a time. An operation outlives the call that began
/// it: a caller is answered within ``LifecycleTimes/answer``.
public final class PoolManager: Sendable {
    public let pool: Pool
    let providers: [String: any Provider]
    let time: any TimeSource
    let times: LifecycleTimes
    let logger: Logger
    let operations = Operations()

    /// - Parameter providers: by the name that the inventory gives (`Device.provider`).
    public init(
        pool: Pool, providers: [String: any Provider], time: any TimeSource = SystemTime(),
        times: LifecycleTimes = LifecycleTimes(), logger: Logger
    ) {
        self.pool = pool
        self.providers = providers
        self.time = time
        self.times = times
        self.logger = logger
    }

    /// Checks a spec's `Properties` without side effect.
    public func validate(_ properties: JSON) throws(SpecError) {
        _ = try SpecProperties(parsing: properties)
    }

    /// Merges labels into an instance's tags, durably.
    public func label(_ id: String, _ labels: [String: String]) async throws {
        try await pool.updateClaim(id) { claim in
            claim.spec.tags.merge(labels) { _, new in new }
        }
    }

    /// Enters what an earlier run of the daemon has begun and not ended, for
    /// ``resumeUnfinished()``.
    public func adoptUnfinished() async {
        operations.leaveUnattended(await pool.unfinished())
    }

    /// Takes up what was begun, has not ended, and is not being worked at. Returns at once; the
    /// work goes on.
    public func resumeUnfinished() async {
        for id in operations.unattended {
            guard let instance = await pool.instance(id) else {
                operations.dismiss(id)
                continue
            }
            guard let device = instance.device else { continue }
            switch instance.claim.phase {
            case .active: operations.dismiss(id)
            case .provisioning: resumeProvision(of: instance.claim, on: device)
            case .releasing: _ = startDestroy(of: id, on: device)
            }
        }
    }

    /// Waits until no operation runs, at most `limit`, then aborts those that do; they are taken up
    /// again at the next start. Ends all sessions with BMCs.
    public func shutdown(within limit: Duration) async {
        let open = operations.close()
        let all = Task { for task in open { await task.value } }
        if await !wait(for: all, within: limit, time) {
            logger.warning("cutting \(open.count) operations short; the next start takes them up")
            for task in open { task.cancel() }
            await all.value
        }
        for provider in providers.values { await provider.shutdown() }
    }

    /// Returns when no operation runs.
    public func waitUntilIdle() async {
        await operations.waitUntilIdle()
    }

    /// - Parameter limit: how long the BMC may take to confirm a change of power; nil for the usual.
    func driver(
        of device: Device, confirmingWithin limit: Duration? = nil
    ) throws -> DeviceDriver {
        guard let provider = providers[device.provider] else {
            throw ProviderError(
                .refused, device.described("there is no provider \(device.provider)"))
        }
        var times = times
        if let limit { times.powerChange = limit }
        return DeviceDriver(
            device: device, provider: provider, pool: pool, time: time, times: times, logger: logger
        )
    }
}
