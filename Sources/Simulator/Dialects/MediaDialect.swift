internal import Core

/// Virtual media drives that take their time, or nothing.
enum MediaDialect: DialectBehaviour {
    case deafSlot
    case lingers
    case stumbles

    private static let looks = 2
    private static let slot = "/Slot0"

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        let path = ResourcePath.canonical(request.path)
        switch self {
        case .deafSlot:
            guard let range = path.firstRange(of: Self.slot) else { return nil }
            guard request.isRead else {
                throw .methodNotAllowed(request.method, request.path, allow: "GET")
            }
            return SimulatedAnswer(status: 200, json: Self.drive(String(path[..<range.upperBound])))
        case .stumbles:
            guard request.isRead, state.fixture.media.drive(at: path) != nil,
                state.countDown(.mediaStumbles)
            else { return nil }
            return SimulatedAnswer(status: 500)
        case .lingers: return nil
        }
    }

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        let path = ResourcePath.canonical(request.path)
        if answer.isSuccess, path.hasSuffix("VirtualMedia.EjectMedia") {
            state.memory.counts[self == .lingers ? .mediaLingers : .mediaStumbles] = Self.looks
        }
        guard request.isRead else { return }
        switch self {
        case .deafSlot:
            guard path.hasSuffix("/VirtualMedia") else { return }
            answer.edit { collection in
                let slot: JSON = ["@odata.id": .string(path + Self.slot)]
                collection["Members"] = .array([slot] + (collection["Members"]?.array ?? []))
            }
        case .lingers:
            guard let drive = state.fixture.media.drive(at: path),
                state.fixture.media.drives[drive].types.contains("CD"),
                state.countDown(.mediaLingers)
            else { return }
            answer.edit { $0["Inserted"] = true }
        case .stumbles: return
        }
    }

    private static func drive(_ path: String) -> JSON {
        [
            "@odata.id": .string(path), "@odata.type": "#VirtualMedia.v1_6_4.VirtualMedia",
            "Id": "Slot0", "Name": "Slot", "MediaTypes": ["CD", "DVD"], "Image": nil,
            "Inserted": false,
            "Actions": [
                "#VirtualMedia.InsertMedia": [
                    "target": .string(path + "/Actions/VirtualMedia.InsertMedia")
                ]
            ],
        ]
    }
}
