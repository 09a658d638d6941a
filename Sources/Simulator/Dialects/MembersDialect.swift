internal import Core

/// Collections of systems that list more than the servers.
enum MembersDialect: DialectBehaviour {
    /// What is no system, is nothing, or was listed before.
    case capabilities
    /// The computers on the server's cards.
    case dpu

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        guard request.isRead else { return nil }
        let path = ResourcePath.canonical(request.path)
        guard let name = extra.first(where: { path == Self.systems(state) + "/" + $0 }) else {
            return nil
        }
        let answer: JSON =
            switch self {
            case .capabilities:
                ["@odata.id": .string(path), "Id": .string(name), "Name": "Capabilities"]
            case .dpu:
                [
                    "@odata.id": .string(path),
                    "@odata.type": "#ComputerSystem.v1_22_0.ComputerSystem",
                    "Id": .string(name), "Name": .string(name), "SystemType": "Physical",
                    "PowerState": "On", "Manufacturer": "NVIDIA",
                ]
            }
        return SimulatedAnswer(status: 200, json: answer)
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        let systems = Self.systems(state)
        guard request.isRead, ResourcePath.canonical(request.path) == systems else { return }
        let extra = extra.map { JSON.object(["@odata.id": .string(systems + "/" + $0)]) }
        answer.edit { collection in
            let members = collection["Members"]?.array ?? []
            guard self == .capabilities else {
                collection["Members"] = .array(extra + members)
                return
            }
            let again = members.compactMap { $0["@odata.id"]?.string }
                .map { JSON.object(["@odata.id": .string($0 + "/")]) }
            collection["Members"] = .array([.null, [:]] + extra + members + again)
        }
    }

    private var extra: [String] {
        switch self {
        case .capabilities: ["Capabilities"]
        case .dpu: ["Bluefield", "HGX_Baseboard_0"]
        }
    }

    private static func systems(_ state: BMCState) -> String {
        let first = state.fixture.systems.first?.path ?? ""
        return first.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    }
}
