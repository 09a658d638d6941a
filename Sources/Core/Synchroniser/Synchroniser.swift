public import Logging

/// Keeps the pool true to the hardware, round by round.
public struct Synchroniser: Sendable {
    private let manager: PoolManager
    private let interval: Duration
    private let time: any TimeSource
    private let logger: Logger

    public init(
        manager: PoolManager, interval: Duration = .seconds(30),
        time: any TimeSource = SystemTime(), logger: Logger
    ) {
        self.manager = manager
        self.interval = interval
        self.time = time
        self.logger = logger
    }

    /// Makes a round at once and one at every interval, until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            await manager.resumeUnfinished()
            do {
                try await time.sleep(for: interval)
            } catch {
                return
            }
        }
    }
}
