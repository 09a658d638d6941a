import Core
import Logging

extension Rig {
    func synchroniser(
        _ configure: (inout SynchroniserSettings) -> Void = { _ in }
    ) -> Synchroniser {
        synchroniser(of: manager, configure)
    }

    func synchroniser(
        of manager: PoolManager, _ configure: (inout SynchroniserSettings) -> Void = { _ in }
    ) -> Synchroniser {
        var settings = SynchroniserSettings()
        configure(&settings)
        return Synchroniser(manager: manager, settings: settings, time: time, logger: Self.silent)
    }

    /// The pool under a manager whose hardware is counted.
    func counted() -> (manager: PoolManager, provider: CountingProvider) {
        let counting = CountingProvider(provider)
        let manager = PoolManager(
            pool: pool, providers: ["fake": counting], time: time, logger: Self.silent)
        return (manager, counting)
    }

    private static var silent: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    /// Claims `count` devices, one after the other.
    func claim(_ count: Int, logicalID: String? = nil) async throws -> [String] {
        var ids: [String] = []
        for _ in 0..<count {
            ids.append(try await manager.provision(.group("g", logicalID: logicalID)))
        }
        return ids
    }

    /// Makes rounds and waits for what they have begun.
    @discardableResult
    func rounds(_ count: Int, of synchroniser: Synchroniser) async -> [Synchroniser.Round] {
        var rounds: [Synchroniser.Round] = []
        for _ in 0..<count {
            rounds.append(await synchroniser.round())
            await manager.waitUntilIdle()
            time.advance(by: .seconds(30))
        }
        return rounds
    }

    func looks(at device: String) -> Int {
        provider.steps(on: device).count { $0 == .observe }
    }

    func array(of device: String) async -> DeviceStatus.Array? {
        await pool.status(of: device)?.array
    }
}
