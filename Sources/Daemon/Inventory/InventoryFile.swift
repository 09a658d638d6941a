import Core
import Dispatch

/// An inventory file, read away from where others wait: it may name files that take their time.
enum InventoryFile {
    /// - Throws: `InventoryError` with all mistakes.
    static func read(_ path: String) async throws -> Inventory {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result { try Inventory(contentsOfFile: path, providers: Providers.names) }
                )
            }
        }
    }
}

extension Inventory {
    /// The devices that are one machine under two spellings of an address.
    /// - Parameter others: machines that are not listed, and are claimed.
    func aliases(besides others: [BMCIndex.Member] = []) async -> [BMCAlias] {
        let machines =
            others + devices.map { BMCIndex.Member(name: $0.name, address: $0.address) }
        let hosts = BMCIndex.hostNames(of: machines.lazy.map(\.address))
        return BMCAlias.find(
            among: machines, resolved: await HostResolver.addresses(of: hosts))
    }

    /// What taking it over would mean, and what is against it; nothing is changed.
    func planned(for pool: Pool) async -> (plan: InventoryPlan, aliases: [BMCAlias]) {
        let plan = await pool.plan(for: devices)
        return (plan, await aliases(besides: await pool.unlisted(in: plan)))
    }

    /// What a plan and aliases have against the inventory, a line each.
    func faults(_ plan: [InventoryPlan.Fault], _ aliases: [BMCAlias]) -> [String] {
        plan.map { told($0.text, of: $0.device) } + aliases.map { told($0.text, of: $0.device) }
    }
}

extension Pool {
    /// The claimed machines that a plan says are not listed.
    func unlisted(in plan: InventoryPlan) -> [BMCIndex.Member] {
        let names = Set(plan.lines.filter { $0.kind == .unlisted }.map(\.device))
        return names.isEmpty ? [] : claimedMachines().filter { names.contains($0.name) }
    }
}
