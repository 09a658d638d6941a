import Core
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the inventory again at every SIGHUP. A bad file is refused, and the old inventory stays.
struct InventoryReloading: Service {
    /// The inventory file; nil if there is none to read.
    let path: String?
    let manager: PoolManager
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
            let inventory = try Inventory(contentsOfFile: path, providers: Providers.names)
            await manager.setInventory(inventory.devices)
            listening.listen(to: inventory.devices)
            logger.notice("SIGHUP: \(path) read again: \(inventory.devices.count) devices")
        } catch {
            logger.error("SIGHUP: the inventory is refused, the old one stays:\n\(error)")
        }
    }
}
