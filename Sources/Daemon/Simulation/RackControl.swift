import Core
import InfraKit
import Simulator

/// The hand on a simulated rack: changes its servers, which bear their devices' names.
struct RackControl: Sendable {
    /// The method of the control socket.
    static let method = "Simulator.Set"

    let rack: SimulatedRack

    /// Changes servers, all or, if there is no such server, none.
    /// - Returns: what was done to each, for a person.
    /// - Throws: ``DeviceError`` for a name that is none; ``SimulatorError``.
    func apply(_ change: ServerChange, to names: [String]) async throws -> [String] {
        var known: [String: SimulatedSystem] = [:]
        for (name, system) in rack.systemsByName { known[name] = system }
        let systems = try names.map { name in
            guard let system = known[name] else {
                let nearest = Spelling.nearest(to: name, among: rack.systemsByName.map(\.name))
                throw DeviceError.unknown(name, nearest: nearest)
            }
            return system
        }
        var lines: [String] = []
        for (name, system) in zip(names, systems) {
            try await change.apply(to: system)
            lines.append("\(name): \(change.text)" + company(of: system, named: name, in: change))
        }
        return lines
    }

    /// Makes the first `count` servers ill.
    /// - Returns: what was done to each, for a person.
    func makeIll(_ count: Int) async throws -> [String] {
        try await apply(.illness, to: rack.systemsByName.prefix(count).map(\.name))
    }

    /// What is done to a BMC is done to all its servers.
    private func company(
        of system: SimulatedSystem, named name: String, in change: ServerChange
    ) -> String {
        guard change.isReachable != nil || change.dialects != nil else { return "" }
        let others = rack.systemsByName.filter { $0.system.bmc === system.bmc && $0.name != name }
        guard !others.isEmpty else { return "" }
        let list = others.map(\.name).joined(separator: ", ")
        return "; its BMC is that of \(list), too"
    }

    /// The control socket's methods by name.
    var handlers: [String: AdditionalMethod] {
        [
            Self.method: { params, _ in
                let names = (params["Servers"]?.array ?? []).compactMap(\.string)
                let lines = try await apply(try ServerChange(params), to: names)
                return ["Done": .array(lines.map(JSON.string))]
            }
        ]
    }
}
