import Core
import InfraKit
import Logging

/// The JSON-RPC methods `Rackpool.*`: the operator's hand on the running daemon. Who it was is told
/// in the log, and in the history of what was done to a device.
struct OperatorMethods: Sendable {
    let pool: Pool
    let manager: PoolManager
    let synchroniser: Synchroniser
    let logger: Logger
    let time: any TimeSource = SystemTime()

    /// The methods by name.
    var handlers: [String: AdditionalMethod] {
        [
            "Rackpool.Devices": { _, _ in await devices() },
            "Rackpool.Cordon": { try await cordon($0, isSet: true, by: $1) },
            "Rackpool.Uncordon": { try await cordon($0, isSet: false, by: $1) },
            "Rackpool.Unfreeze": { await unfreeze(by: $1) },
            "Rackpool.Sync": { _, _ in await sync() },
            "Rackpool.History": { params, _ in try await history(params) },
            "Rackpool.Audit": { params, _ in try await audit(params) },
            "Rackpool.Power": { try await power($0, by: $1) },
            "Rackpool.Release": { try await release($0, by: $1) },
            "Rackpool.Forget": { try await forget($0, by: $1) },
            "Rackpool.Replace": { try await replace($0, by: $1) },
            "Rackpool.InventoryDiff": { try await inventoryDiff($0, for: $1) },
        ]
    }

    private func devices() async -> JSON {
        let nameless = await pool.orphans().filter { $0.name == nil }.map(\.claim.orphanJSON)
        return [
            "Frozen": await frozen(),
            "Devices": .array(await pool.statuses().map(\.json)),
            "Orphans": .array(nameless),
        ]
    }

    private func frozen() async -> JSON {
        guard case .frozen(let failing, let watched) = await synchroniser.freeze else { return nil }
        return ["Failing": JSON(failing), "Watched": JSON(watched)]
    }

    private func cordon(_ params: JSON, isSet: Bool, by caller: Caller) async throws -> JSON {
        let device = try Self.name(params)
        let reason = params["Reason"]?.string
        guard isSet else {
            let wasCordoned = try await pool.uncordon(device, by: "\(caller)")
            if wasCordoned { logger.notice("\(device): uncordoned by \(caller)") }
            return ["OK": true, "WasCordoned": .bool(wasCordoned)]
        }
        try await pool.setCordon(
            Cordon(since: time.date, reason: reason), of: device, by: "\(caller)")
        logger.notice("\(device): cordoned by \(caller)\(reason.map { ": \($0)" } ?? "")")
        return ["OK": true]
    }

    private func unfreeze(by caller: Caller) async -> JSON {
        let wasFrozen = await !frozen().isNull
        logger.notice("unfrozen by \(caller)\(wasFrozen ? "" : ", though nothing was frozen")")
        await synchroniser.unfreeze()
        return ["OK": true, "WasFrozen": .bool(wasFrozen)]
    }

    private func sync() async -> JSON {
        await pool.doubtFacts()
        let round = await synchroniser.round()
        return [
            "Seen": JSON(round.seen), "Failed": JSON(round.failed),
            "Refused": JSON(round.refused), "Pending": JSON(round.pending),
            "Milliseconds": .integer(round.duration.milliseconds), "Frozen": await frozen(),
            "Actions": .array(round.actions.map { .string($0.text) }),
        ]
    }

    private func history(_ params: JSON) async throws -> JSON {
        let device = try Self.name(params)
        let events = await pool.history(of: device)
        if events.isEmpty, await pool.status(of: device) == nil {
            let names = await pool.statuses().map(\.name)
            throw DeviceError.unknown(device, nearest: Spelling.nearest(to: device, among: names))
        }
        return ["Events": .array(events.map(\.json))]
    }

    private func audit(_ params: JSON) async throws -> JSON {
        let device = try Self.name(params)
        let given = params["LookingBackSeconds"]?.integer.map { Duration.seconds($0) }
        let usual = await manager.lookingBack(at: device)
        return try await manager.examine(device, lookingBack: given ?? usual).json
    }

    private func power(_ params: JSON, by caller: Caller) async throws -> JSON {
        let request = try PowerRequest(params)
        let device = try Self.name(params)
        let deed = "\(request.action.title)\(request.isForced ? " --force" : "") by \(caller)"
        let isToSwitch = request.action != .status
        if isToSwitch { logger.debug("\(device): wanted: \(deed)") }
        do {
            let report = try await manager.power(
                request.action, of: device, within: request.timeout, isForced: request.isForced,
                by: "\(caller)")
            if isToSwitch { logger.notice("\(device): \(deed): \(report.remark ?? "done")") }
            return report.json
        } catch {
            if isToSwitch { logger.warning("not done: \(deed): \(error)") }
            throw error
        }
    }

    static func name(_ params: JSON) throws -> String {
        try text("Device", in: params, "name a device")
    }

    static func text(_ key: String, in params: JSON, _ advice: String) throws -> String {
        guard let text = params[key]?.string, !text.isEmpty else {
            throw PluginClient.Refusal(description: "params.\(key): is missing: \(advice)")
        }
        return text
    }
}
