import Core
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the inventory again at every SIGHUP. A bad file is refused, and the old inventory stays.
struct InventoryReloading: Service {
    /// The inventory file; nil if there is none to read.
    let path: String?
    let manager: PoolManager
    let synchroniser: Synchroniser
    let listening: EventListening
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            for await _ in signals { await reload() }
        }
    }

    private func reload() async {
        guard let path else {
            logger.notice("SIGHUP: the devices are simulated, there is no inventory to read")
            return
        }
        do {
            let inventory = try await InventoryFile.read(path)
            let (_, aliases) = await inventory.planned(for: manager.pool)
            guard aliases.isEmpty else {
                throw InventoryFaults(lines: inventory.faults([], aliases))
            }
            try await takeOver(inventory)
            InventoryReporting(logger: logger).tellWarnings(of: inventory)
            logger.notice("SIGHUP: \(path) read again: \(inventory.devices.count) devices")
        } catch {
            logger.error("SIGHUP: the inventory is refused, the old one stays:")
            for line in Terminal.lines(of: error) { logger.error("\(line)") }
        }
    }

    private func takeOver(_ inventory: Inventory) async throws {
        let plan: InventoryPlan
        do {
            plan = try await manager.setInventory(inventory.devices)
        } catch let refusal as InventoryRefusal {
            throw InventoryFaults(lines: inventory.faults(refusal.faults, []))
        }
        await manager.pool.noteAliases([])
        await synchroniser.noteReload()
        listening.listen(to: inventory.devices)
        InventoryReporting(logger: logger).tell(plan, of: inventory)
    }
}
