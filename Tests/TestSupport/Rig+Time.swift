import Core

/// A condition was not met within the time that a test gave it.
struct Overdue: Error {}

extension Rig {
    /// Lets time pass, from one sleeper's waking to the next's, until something is so. Who would wake
    /// after the limit sleeps on.
    ///
    /// - Throws: ``Overdue``; `CancellationError`.
    func pass(
        within limit: Duration = .seconds(1800), until isMet: () async -> Bool
    ) async throws {
        let end = time.uptime + limit
        while !(await isMet()) {
            try Task.checkCancellation()
            guard time.uptime <= end else { throw Overdue() }
            _ = time.wakeNext(by: end + .milliseconds(1))
            for _ in 0..<20 { await Task.yield() }
        }
    }

    /// Lets time pass until an instance is at a state; nil: until it is gone.
    func pass(
        until state: ClaimState?, of id: String, within limit: Duration = .seconds(1800)
    ) async throws {
        try await pass(within: limit) { await self.state(of: id) == state }
    }
}
