import InfraKit
import Core

/// The JSON-RPC methods `Rackpool.*`: the operator's hand on the running daemon.
struct OperatorMethods: Sendable {
    let pool: Pool
    let manager: PoolManager
    let synchroniser: Synchroniser
    let time: any TimeSource = SystemTime()

    /// The methods by name.
    var handlers: [String: @Sendable (JSON) async throws -> JSON] {
        [
            "Rackpool.Devices": { _ in await devices() },
            "Rackpool.Cordon": { try await cordon($0, isSet: true) },
            "Rackpool.Uncordon": { try await cordon($0, isSet: false) },
            "Rackpool.Unfreeze": { _ in await unfreeze() },
            "Rackpool.Sync": { _ in await sync() },
            "Rackpool.History": { try await history($0) },
            "Rackpool.Audit": { try await audit($0) },
            "Rackpool.Power": { try await power($0) },
        ]
    }

    private func devices() async -> JSON {
        [
            "Frozen": await frozen(),
            "Devices": .array(await pool.statuses().map(\.json)),
        ]
    }

    private func frozen() async -> JSON {
        guard case .frozen(let failing, let watched) = await synchroniser.freeze else { return nil }
        return ["Failing": JSON(failing), "Watched": JSON(watched)]
    }

    private func cordon(_ params: JSON, isSet: Bool) async throws -> JSON {
        let device = try name(params)
        try await pool.setCordon(
            isSet ? Cordon(since: time.date, reason: params["Reason"]?.string) : nil, of: device)
        return ["OK": true]
    }

    private func unfreeze() async -> JSON {
        let wasFrozen = await !frozen().isNull
        await synchroniser.unfreeze()
        return ["OK": true, "WasFrozen": .bool(wasFrozen)]
    }

    private func sync() async -> JSON {
        let round = await synchroniser.round()
        return [
            "Seen": JSON(round.seen), "Failed": JSON(round.failed), "Pending": JSON(round.pending),
            "Milliseconds": .integer(round.duration.milliseconds), "Frozen": await frozen(),
            "Actions": .array(round.actions.map { .string($0.text) }),
        ]
    }

    private func history(_ params: JSON) async throws -> JSON {
        let device = try name(params)
        let events = await pool.history(of: device)
        if events.isEmpty, await pool.status(of: device) == nil {
            let names = await pool.statuses().map(\.name)
            throw DeviceError.unknown(device, nearest: Spelling.nearest(to: device, among: names))
        }
        return ["Events": .array(events.map(\.json))]
    }

    private func audit(_ params: JSON) async throws -> JSON {
        let device = try name(params)
        let given = params["LookingBackSeconds"]?.integer.map { Duration.seconds($0) }
        let usual = await manager.lookingBack(at: device)
        return try await manager.examine(device, lookingBack: given ?? usual).json
    }

    private func power(_ params: JSON) async throws -> JSON {
        let request = try PowerRequest(params)
        return try await manager.power(
            request.action, of: try name(params), within: request.timeout,
            isForced: request.isForced
        ).json
    }

    private func name(_ params: JSON) throws -> String {
        guard let name = params["Device"]?.string else {
            throw PluginClient.Refusal(description: "params.Device: is missing: name a device")
        }
        return name
    }
}

extension SynchroniserAction {
    /// The action in words.
    var text: String {
        switch self {
        case .fail(let id, let reasons):
            "\(id) is non-functional: \(reasons.joined(separator: ", "))"
        case .fence(let id, let reasons):
            "\(id) is being powered off, then non-functional: \(reasons.joined(separator: ", "))"
        case .recover(let id): "\(id) is functional again, at the front"
        case .releaseDuplicate(let id, let other):
            "\(id) is being released: its logical ID lives in \(other)"
        case .restart(let id, let attempt): "\(id) is being powered on again, attempt \(attempt)"
        case .reportForeign(let device): "\(device) is free and runs something foreign"
        }
    }
}
