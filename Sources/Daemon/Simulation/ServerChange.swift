import Core
import Simulator

/// What a person does to a simulated server, or to its BMC.
struct ServerChange: Hashable {
    var health: SimulatedHealth?
    /// Why the server is not well.
    var reason: String?
    /// By hand: nobody's command, and nothing boots.
    var power: PowerState?
    /// Whether the BMC's network cable is in.
    var isReachable: Bool?
    /// How the BMC differs from the standard from now on; an empty set takes all away.
    var dialects: Set<Dialect>?

    /// What befalls servers most.
    static let illness = ServerChange(health: .critical, reason: "PSU 2: input lost")

    var isEmpty: Bool { self == ServerChange(reason: reason) }

    /// - Throws: ``SimulatorError`` if a BMC that comes back finds its port taken.
    func apply(to system: SimulatedSystem) async throws {
        if let dialects { system.bmc.dialects = dialects }
        if let health { system.setHealth(health, reason: reason) }
        if let power { system.power = power }
        switch isReachable {
        case true?: try await system.bmc.plugIn()
        case false?: await system.bmc.unplug()
        case nil: break
        }
    }

    /// What was done, for a person: `health critical (PSU 2: input lost), unreachable`.
    var text: String {
        var parts: [String] = []
        if let health {
            parts.append("health \(health.word)" + (reason.map { " (\($0))" } ?? ""))
        }
        if let power { parts.append("power \(power.rawValue.lowercased())") }
        if let dialects {
            let names = dialects.map(\.rawValue).sorted().joined(separator: ", ")
            parts.append(names.isEmpty ? "no dialects" : "dialects \(names)")
        }
        if let isReachable { parts.append(isReachable ? "reachable" : "unreachable") }
        return parts.joined(separator: ", ")
    }
}

extension SimulatedHealth {
    /// As the command line and the plugin spell it.
    var word: String { rawValue.lowercased() }

    init?(word: String) {
        guard let health = Self.allCases.first(where: { $0.word == word.lowercased() }) else {
            return nil
        }
        self = health
    }
}
