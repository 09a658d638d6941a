import Core
import Logging

/// Tells in the log what an inventory means for the pool.
struct InventoryReporting: Sendable {
    let logger: Logger

    /// What is not as safe as it could be, once a start or reload.
    func tellWarnings(of inventory: Inventory) {
        for warning in inventory.warnings { logger.warning("\(warning)") }
    }

    /// A line for each change.
    func tell(_ plan: InventoryPlan, of inventory: Inventory) {
        for line in plan.lines {
            let text = inventory.told("\(line.kind.rawValue): \(line.text)", of: line.device)
            switch line.kind {
            case .unlisted: logger.warning("\(text)")
            case .moved where line.instance != nil: logger.warning("\(text)")
            case .renamed, .moved: logger.notice("\(text)")
            case .added, .removed, .credentials: logger.info("\(text)")
            }
        }
    }

    /// A warning for each device that is another one's machine: neither is claimed.
    func tell(_ aliases: [BMCAlias], of inventory: Inventory) {
        for alias in aliases {
            logger.warning(
                "\(inventory.told(alias.text, of: alias.device)): neither of the two is claimed, and a reload of such an inventory is refused"
            )
        }
    }

    /// A warning for each instance that nobody can steer, unless the plan tells of it.
    func tellOrphans(of pool: Pool, besides plan: InventoryPlan) async {
        let told = Set(plan.lines.compactMap(\.instance))
        for (claim, name) in await pool.orphans() where !told.contains(claim.id) {
            let place = name.map { "its device \($0) is not in the inventory" } ?? "names no device"
            logger.warning(
                "\(claim.id)\(claim.group.map { " of group \($0)" } ?? ""): \(place): it is described, and can't be watched or powered off; rackpool forget \(claim.id) --lost ends it"
            )
        }
    }
}
