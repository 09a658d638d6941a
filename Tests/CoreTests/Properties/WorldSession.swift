import Foundation
import Locking
import Logging
import Randomness

@testable import Core

/// A daemon at work in a world, to which steps happen.
final class WorldSession: Sendable {
    /// One run of the daemon.
    struct Daemon: Sendable {
        let link: DaemonLink
        let pool: Pool
        let manager: PoolManager
        let synchroniser: Synchroniser
        let rounds: Task<Void, Never>
    }

    let world: World
    /// Nil while the daemon is down.
    let running = Mutex<Daemon?>(nil)
    /// What is written in the inventory's file, and what a daemon was last started or reloaded with.
    let file = Mutex<[Device]>([])
    let accepted = Mutex<[Device]>([])
    let nextName = Mutex(0)
    let calls = Mutex<[Int: Task<Void, Never>]>([:])

    init(seed: UInt64, meanness: Meanness, isLogging: Bool = false) {
        world = World(seed: seed, meanness: meanness, isLogging: isLogging)
        file.withLock { $0 = (0..<World.placed).map(Self.device) }
    }

    var daemon: Daemon? { running.withLock { $0 } }
    var time: WorldTime { world.time }

    static func device(_ server: Int) -> Device {
        Device(
            name: "d\(server)", provider: "model", bmc: "model://\(min(server, 5))",
            system: server < 5 ? nil : "\(server - 4)",
            hostname: server == 2 ? "host2" : nil, labels: ["rack": "r\(server % 2)"],
            credentials: Credentials(username: "", password: Secret("0")))
    }

    // MARK: The daemon

    func start() async {
        let devices = file.withLock { $0 }
        let link = DaemonLink(world: world)
        do {
            let pool = try await Pool(inventory: devices, store: link, time: time)
            start(link, pool)
            accepted.withLock { $0 = devices }
        } catch is InventoryRefusal {
            // The operator takes back what he has written.
            let before = accepted.withLock { $0 }
            guard before != devices else {
                return world.violate("an inventory that was accepted is refused at a start")
            }
            file.withLock { $0 = before }
            await start()
        } catch StoreError.failed {
            await start()
        } catch {
            world.violate("a start fails: \(error)")
        }
    }

    private func start(_ link: DaemonLink, _ pool: Pool) {
        let logger = Logger(label: "model") { _ in SwiftLogNoOpLogHandler() }
        let manager = PoolManager(
            pool: pool, providers: ["model": link], time: time, times: Self.times, logger: logger)
        let synchroniser = Synchroniser(
            manager: manager, settings: SynchroniserSettings(), time: time, logger: logger,
            randomness: SeededNumbers(seed: UInt64(world.now / .milliseconds(1))))
        let rounds = Task {
            await manager.resumeUnfinished()
            await synchroniser.run()
        }
        let now = world.now
        let devices = file.withLock { $0 }
        world.state.withLock { state in
            state.startedAt = now
            state.listed = devices
        }
        world.note("the daemon starts")
        running.withLock { daemon in
            daemon = Daemon(
                link: link, pool: pool, manager: manager, synchroniser: synchroniser,
                rounds: rounds)
        }
    }

    private static var times: ReconcilerTimes {
        var times = ReconcilerTimes()
        times.firstPause = .milliseconds(500)
        times.longestPause = .seconds(15)
        return times
    }

    /// The process is gone at once: what it was about to do is not done.
    func kill(away: Duration) async {
        guard let daemon else { return }
        daemon.link.cut(after: 0)
        world.note("the daemon dies")
        running.withLock { $0 = nil }
        daemon.rounds.cancel()
        let end = Task { await daemon.manager.shutdown(within: .zero) }
        try? await time.sleep(for: away)
        _ = end
        await start()
    }

    func stop(away: Duration) async {
        guard let daemon else { return }
        running.withLock { $0 = nil }
        world.note("the daemon stops")
        daemon.rounds.cancel()
        await daemon.manager.shutdown(within: .seconds(10))
        daemon.link.cut(after: 0)
        try? await time.sleep(for: away)
        await start()
    }

    // MARK: A sequence

    /// Has all steps happen, each while those before it may go on.
    func run(_ steps: [TimedStep]) async {
        await start()
        for timed in steps {
            try? await time.sleep(for: timed.pause)
            world.note("STEP \(timed.step)")
            begin(timed.step)
            await time.idle()
            await check()
            if !world.violations.isEmpty { return }
        }
        await end()
    }

    /// Nothing goes on after this.
    func close() async {
        let daemon = running.withLock { daemon in
            defer { daemon = nil }
            return daemon
        }
        daemon?.link.cut(after: 0)
        daemon?.rounds.cancel()
        time.end()
        await daemon?.manager.shutdown(within: .zero)
    }

    private func begin(_ step: WorldStep) {
        let task = Task { await self.apply(step) }
        calls.withLock { $0[$0.count] = task }
    }

    /// What the daemon says, when it does nothing at this moment.
    func check() async {
        guard let daemon, !daemon.link.isCut else { return }
        let described = await daemon.pool.described(with: [:])
        var carried: [LogicalIDKey: String] = [:]
        for description in described {
            guard let logicalID = description.logicalID else { continue }
            let key = LogicalIDKey(
                logicalID: logicalID, group: description.tags["infrakit.group"])
            if let other = carried[key] {
                world.violate("\(logicalID) is described as \(other) and \(description.id)")
            }
            carried[key] = description.id
        }
        for id in await daemon.pool.unfinished() {
            guard let instance = await daemon.pool.instance(id), instance.device != nil,
                !instance.claim.state.isAtRest, daemon.manager.reconcilers[id] == nil,
                !daemon.link.isCut, self.daemon != nil
            else { continue }
            world.violate("\(id) is \(instance.claim.state.name), and nobody sees to it")
        }
    }
}
