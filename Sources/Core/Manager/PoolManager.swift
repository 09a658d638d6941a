internal import Locking
public import Logging

/// Carries out what InfraKit and the operator ask for: it writes into the record what is wanted,
/// and a ``Reconciler`` sees to it.
///
/// Work outlives the call that began it: a caller is answered within ``ReconcilerTimes/answer``.
public final class PoolManager: Sendable {
    public let pool: Pool
    let providers: [String: any Provider]
    let time: any TimeSource
    let times: ReconcilerTimes
    let logger: Logger
    let reconcilers: Reconcilers
    private let calls = Mutex(Calls())

    /// Calls of `Provision`: they have no instance yet, or go from one to the next.
    private struct Calls {
        var tasks: [ObjectIdentifier: Task<Void, Never>] = [:]
        var isClosed = false
    }

    /// - Parameter providers: by the name that the inventory gives (`Device.provider`).
    public init(
        pool: Pool, providers: [String: any Provider], time: any TimeSource = SystemTime(),
        times: ReconcilerTimes = ReconcilerTimes(), logger: Logger
    ) {
        self.pool = pool
        self.providers = providers
        self.time = time
        self.times = times
        self.logger = logger
        reconcilers = Reconcilers(
            hand: ReconcilerHand(
                pool: pool, providers: providers, time: time, steady: SteadyDate(time),
                times: times, logger: logger))
    }

    /// Checks a spec's `Properties` without side effect.
    public func validate(_ properties: JSON) throws(SpecError) {
        _ = try SpecProperties(parsing: properties)
    }

    /// Merges labels into an instance's tags, durably.
    /// - Throws: ``InstanceError``, ``StoreError``; ``PlacementError`` if a label moves the instance
    ///   into a group in which its logical ID is carried already.
    public func label(_ id: String, _ labels: [String: String]) async throws {
        try await answered(within: times.answer, "\(id) is not labelled yet") {
            try await self.pool.update(id) { draft in
                draft.label(labels)
            }
        }
    }

    /// Answers a caller in time, though what it wants goes on.
    private func answered(
        within limit: Duration, _ complaint: String,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let outcome = Outcome<Void>()
        let task = Task { await outcome.record(body) }
        guard await wait(for: task, within: limit, time) else {
            throw StoreError.failed(
                "\(complaint): the state's disk has not answered within \(limit.text); it is still"
                    + " being tried")
        }
        try outcome.get()
    }

    /// Starts a reconciler for each claim that is not at rest, and waits for what was sent to free
    /// devices and may act yet. Returns at once.
    public func resumeUnfinished() async {
        await awaitSentOns()
        for id in await pool.unfinished() where reconcilers[id] == nil { reconcilers.wake(id) }
    }

    /// Waits until nothing is being done, at most `limit`, then breaks off what is; it is taken up
    /// again at the next start. Ends all sessions with BMCs.
    public func shutdown(within limit: Duration) async {
        let calls = calls.withLock { calls in
            calls.isClosed = true
            return Array(calls.tasks.values)
        }
        let open = reconcilers.close() + calls
        let all = Task { for task in open { await task.value } }
        if await !wait(for: all, within: limit, time) {
            logger.warning("cutting \(open.count) operations short; the next start takes them up")
            for task in open { task.cancel() }
            await all.value
        }
        for provider in providers.values { await provider.shutdown() }
    }

    /// Returns when nothing is being done.
    public func waitUntilIdle() async {
        while true {
            let tasks = calls.withLock { Array($0.tasks.values) }
            for task in tasks { await task.value }
            await reconcilers.waitUntilIdle()
            if calls.withLock({ $0.tasks.isEmpty }) { return }
        }
    }

    /// Starts a call of `Provision`, or returns nil if the daemon is stopping.
    func start(
        _ call: Provision, _ body: @escaping @Sendable () async -> Void
    ) -> Task<Void, Never>? {
        let key = ObjectIdentifier(call)
        return calls.withLock { calls in
            guard !calls.isClosed else { return nil }
            let task = Task {
                await body()
                self.calls.withLock { $0.tasks[key] = nil }
            }
            calls.tasks[key] = task
            return task
        }
    }

    func driver(of device: Device) throws(ProviderError) -> DeviceDriver {
        try reconcilers.hand.driver(of: device)
    }

    static func text(of error: any Error) -> String {
        error is CancellationError ? "was cut short, for the daemon is stopping" : "\(error)"
    }
}
