import InfraKit
import Core

/// The parameters of `Rackpool.Power`, beside the device.
struct PowerRequest: Sendable, Hashable {
    let action: PowerAction
    /// How long the BMC may take to confirm.
    let timeout: Duration
    /// Whether a claimed device is switched too.
    let isForced: Bool

    init(action: PowerAction, timeout: Duration, isForced: Bool) {
        self.action = action
        self.timeout = timeout
        self.isForced = isForced
    }

    /// - Throws: `PluginClient.Refusal` that names what is wrong.
    init(_ params: JSON) throws {
        let grace = try Self.duration("GraceMilliseconds", in: params)
        let actions: [String: PowerAction] = [
            "status": .status, "on": .on, "off": .off(grace: grace), "cycle": .cycle,
            "reset": .reset,
        ]
        guard let action = params["Action"]?.string.flatMap({ actions[$0] }) else {
            throw PluginClient.Refusal(
                description: "params.Action: expected one of "
                    + actions.keys.sorted().joined(separator: ", "))
        }
        self.action = action
        timeout = try Self.duration("TimeoutMilliseconds", in: params)
        isForced = params["Force"]?.bool ?? false
    }

    /// The parameters for one device.
    func params(for device: String) -> JSON {
        var grace: Duration = .zero
        let name: String
        switch action {
        case .status: name = "status"
        case .on: name = "on"
        case .off(let given): (name, grace) = ("off", given)
        case .cycle: name = "cycle"
        case .reset: name = "reset"
        }
        return [
            "Device": .string(device), "Action": .string(name),
            "GraceMilliseconds": .integer(grace.milliseconds),
            "TimeoutMilliseconds": .integer(timeout.milliseconds), "Force": .bool(isForced),
        ]
    }

    private static func duration(_ key: String, in params: JSON) throws -> Duration {
        guard let number = params[key]?.integer, (0...86_400_000).contains(number) else {
            throw PluginClient.Refusal(
                description: "params.\(key): expected a number from 0 to 86400000")
        }
        return .milliseconds(number)
    }
}

extension PowerReport {
    /// The answer of `Rackpool.Power`.
    var json: JSON {
        [
            "Power": .string(power.rawValue), "Health": JSON(health?.rawValue),
            "Remark": JSON(remark),
        ]
    }

    /// Reads an answer of `Rackpool.Power`.
    init(_ json: JSON) {
        self.init(
            power: json["Power"]?.string.flatMap(PowerState.init(rawValue:)) ?? .unknown,
            health: json["Health"]?.string.flatMap(Health.init(rawValue:)),
            remark: json["Remark"]?.string)
    }
}
