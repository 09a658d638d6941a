import ArgumentParser
import Core
import Foundation
import HTTPClient
import InfraKit
import Logging
import ServiceLifecycle
import Simulator
import SystemLimits
import UnixSignals

/// The running plugin: puts the parts together, serves until a signal, and takes them apart.
struct Daemon {
    /// Where the devices come from.
    enum DeviceSource {
        /// An inventory file.
        case file(String)
        /// A rack that is simulated in this process.
        case simulated(count: Int, powerDelay: Duration)

        /// The inventory file, if there is one.
        var path: String? {
            if case .file(let path) = self { path } else { nil }
        }
    }

    /// What is kept between rounds: a TLS connection takes about 50 KiB. Where there are too many
    /// BMCs to keep one to each, a round would find none of those that it needs.
    /// A stream of events takes a place as well.
    private static func connections(
        to devices: Int, _ budget: DescriptorBudget
    ) -> HTTPClient.Configuration {
        let kept = devices <= 1200 ? 1200 : 256
        return HTTPClient.Configuration(
            connectionCacheSize: kept + budget.events, sessionCacheSize: kept,
            maximumConnecting: budget.connecting, maximumConnections: budget.bmcs + budget.events)
    }

    /// How long running calls and operations may go on after a signal.
    static let shutdownLimit: Duration = .seconds(10)

    let name: String
    let devices: DeviceSource
    let statePath: String
    let listener: PluginListener
    let server: PluginServer.Configuration
    let synchroniser: SynchroniserSettings
    let times: ReconcilerTimes
    /// Whether whoever reaches the TCP port may do what an operator may.
    let letsOperateOverTCP: Bool
    /// Whether BMCs are listened to that report events by themselves.
    let listensToEvents: Bool
    let logger: Logger

    /// Runs until SIGTERM or SIGINT, then finishes what runs, within ``shutdownLimit``.
    func run() async throws {
        let granted = OpenFileLimit.raise()
        let (inventory, rack) = try await inventory()
        do {
            try await serve(inventory, try budget(of: granted, for: inventory))
        } catch {
            await rack?.shutdown()
            throw error
        }
        await rack?.shutdown()
    }

    private func budget(
        of granted: Int, for inventory: Inventory
    ) throws -> DescriptorBudget {
        let count = inventory.devices.count
        let simulated = if case .simulated = devices { count } else { 0 }
        let budget = try DescriptorBudget(
            granted: granted, simulated: simulated, clients: server.maximumConnections,
            devices: count, listensToEvents: listensToEvents)
        logger.info("\(budget)")
        if budget.clients < server.maximumConnections {
            logger.notice(
                "at most \(budget.clients) clients are connected at one time, of \(server.maximumConnections) that --max-connections allows: the system grants \(granted) descriptors (ulimit -n)"
            )
        }
        return budget
    }

    private func inventory() async throws -> (Inventory, SimulatedRack?) {
        switch devices {
        case .file(let path):
            return (try await InventoryFile.read(path), nil)
        case .simulated(let count, let powerDelay):
            var configuration = RackConfiguration(count: count)
            configuration.powerDelay = powerDelay
            configuration.initialPower = .off
            configuration.credentials = Credentials(
                username: "admin", password: Secret(UUID().uuidString))
            let rack = try SimulatedRack(configuration)
            try await rack.start()
            logger.notice("simulating \(count) devices: nothing here is real")
            return (Inventory(devices: rack.devices()), rack)
        }
    }

    private func serve(_ inventory: Inventory, _ budget: DescriptorBudget) async throws {
        let disk = try StateDisk(statePath, logger: logger)
        let outcome: Result<Void, any Error>
        do {
            try await serve(inventory, budget, disk)
            outcome = .success(())
        } catch let silence as StateDisk.Silence {
            throw silence
        } catch {
            outcome = .failure(error)
        }
        try await disk.close()
        try outcome.get()
        logger.info("stopped")
    }

    private func pool(of inventory: Inventory, _ disk: StateDisk) async throws -> Pool {
        let pool: Pool
        do {
            pool = try await Pool(
                inventory: inventory.devices, store: disk.store, history: disk.history,
                fence: synchroniser.fence)
        } catch let refusal as InventoryRefusal {
            throw InventoryFaults(lines: inventory.faults(refusal.faults, []))
        }
        let plan = await pool.planAtStart
        let reporting = InventoryReporting(logger: logger)
        reporting.tell(plan, of: inventory)
        await reporting.tellOrphans(of: pool, besides: plan)
        // A start is not refused for what a name server says: who is described must stay described.
        let aliases = await inventory.aliases(besides: await pool.unlisted(in: plan))
        await pool.noteAliases(aliases)
        reporting.tell(aliases, of: inventory)
        return pool
    }

    private func warnOfOpenPort() {
        guard case .tcp(let host, _, _) = listener else { return }
        let operators =
            letsOperateOverTCP
            ? " and force power off (--operator-over-tcp)"
            : "; the Rackpool.* methods are off, see --operator-over-tcp"
        if server.token == nil {
            logger.warning(
                "listening on \(host): TCP has no authentication without --listen-token-file: whoever reaches the port, every user of this machine, can provision and destroy\(operators)"
            )
        } else {
            logger.warning(
                "listening on \(host): who shows the token can provision and destroy\(operators); TCP has no encryption: who is on the way can read the token"
            )
        }
    }

    private func serve(
        _ inventory: Inventory, _ budget: DescriptorBudget, _ disk: StateDisk
    ) async throws {
        let devices = inventory.devices
        let http = HTTPClient(configuration: Self.connections(to: devices.count, budget))
        defer { http.shutdown() }
        warnOfOpenPort()
        let pool = try await pool(of: inventory, disk)
        let providers = Providers(http: http, logger: logger)
        let manager = PoolManager(
            pool: pool, providers: providers.byName, times: times, logger: logger)
        logger.info("\(devices.count) devices; state in \(statePath)")
        await manager.resumeUnfinished()
        let synchroniser = Synchroniser(
            manager: manager, settings: synchroniser, logger: logger)
        var configuration = server
        configuration.shutdownLimit = Self.shutdownLimit
        configuration.maximumConnections = budget.clients
        configuration.maximumConnectionsPerAddress = min(
            configuration.maximumConnectionsPerAddress, max(1, budget.clients / 2))
        configuration.additionalMethods = OperatorGuard(isOpen: areOperatorsServed).guarded(
            OperatorMethods(
                pool: pool, manager: manager, synchroniser: synchroniser, logger: logger
            ).handlers)
        let plugin = PluginServer(
            name: name, listen: listener, plugin: PoolPlugin(manager: manager),
            configuration: configuration, logger: logger)
        let listening = EventListening(
            sources: listensToEvents ? providers.eventSources : [:], limit: budget.events,
            synchroniser: synchroniser, logger: logger)
        listening.listen(to: devices)
        let stop = ShutdownClock()
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: SynchroniserService(synchroniser: synchroniser)),
                    .init(service: EventListeningService(listening: listening)),
                    .init(
                        service: InventoryReloading(
                            path: self.devices.path, manager: manager,
                            synchroniser: synchroniser, listening: listening, logger: logger)),
                    .init(service: HeapTrimming()),
                    .init(service: stop),
                    .init(service: plugin),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet(logger)))
        let outcome: Result<Void, any Error>
        do {
            try await group.run()
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        let end = Task {
            await manager.shutdown(within: max(.zero, Self.shutdownLimit - stop.elapsed))
            await plugin.waitForCalls()
        }
        // What is cut short ends at once, unless it waits for the disk.
        let limit = Self.shutdownLimit + StateDisk.limit - stop.elapsed
        guard await wait(for: end, within: max(.zero, limit), SystemTime()) else {
            throw StateDisk.Silence(path: statePath)
        }
        try outcome.get()
    }

    private var areOperatorsServed: Bool {
        if case .tcp = listener { letsOperateOverTCP } else { true }
    }

    // What the lifecycle package says of itself is of no use to an operator.
    private func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(.error, logger.logLevel)
        return quiet
    }
}

/// Runs the synchroniser until the daemon stops.
private struct SynchroniserService: Service {
    let synchroniser: Synchroniser

    func run() async throws {
        await cancelWhenGracefulShutdown { await synchroniser.run() }
    }
}

/// Listens to the BMCs' events until the daemon stops.
private struct EventListeningService: Service {
    let listening: EventListening

    func run() async throws {
        await cancelWhenGracefulShutdown { await listening.run() }
    }
}
