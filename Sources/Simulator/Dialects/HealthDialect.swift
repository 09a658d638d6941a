internal import Core

/// What a BMC shows of its parts' health, and is not so.
enum HealthDialect: DialectBehaviour {
    case bareNextLink
    case emptyExpand
    case missingEntries
    case namesBoardOnly
    case oddThresholds
    case unsetClock

    func change(
        _ answer: inout SimulatedAnswer, to request: SimulatedRequest, _ state: inout BMCState
    ) {
        guard request.isRead else { return }
        switch self {
        case .bareNextLink:
            Self.page(&answer, request)
        case .missingEntries:
            answer.edit { resource in
                guard let members = resource["Members"]?.array,
                    request.path.hasSuffix("/Entries")
                else { return }
                resource["Members"] = .array(Array(members.prefix(1)))
                resource["Members@odata.count"] = JSON(members.count)
            }
        case .namesBoardOnly:
            guard state.system(at: request) != nil else { return }
            answer.edit { system in
                var links = system["Links"]?.object ?? [:]
                links["Chassis"] = [["@odata.id": .string(Self.board)]]
                system["Links"] = .object(links)
                for key in ["Manufacturer", "Model", "SerialNumber"] { system[key] = nil }
            }
        case .emptyExpand:
            guard ResourcePath.canonical(request.path) == ResourcePath.root else { return }
            // The fixture's own query support is not changed by what its root is made to say.
            answer.edit { root in
                root["ProtocolFeaturesSupported"] = ["ExpandQuery": ["NoLinks": true]]
            }
        case .oddThresholds:
            answer.edit { resource in
                for key in ["Temperatures", "Fans", "Voltages"] {
                    guard let sensors = resource[key]?.array else { continue }
                    resource[key] = .array(sensors.enumerated().map(Self.odd))
                }
            }
        case .unsetClock:
            answer.edit { resource in
                resource = Self.unset(.object(resource), under: "").object ?? resource
            }
        }
    }

    private static let board = "/redfish/v1/Chassis/BMC_0"

    func answer(
        _ request: SimulatedRequest, _ state: inout BMCState
    ) throws(Refusal) -> SimulatedAnswer? {
        guard self == .namesBoardOnly, request.isRead,
            ResourcePath.canonical(request.path) == Self.board
        else { return nil }
        return SimulatedAnswer(
            status: 200,
            json: [
                "@odata.id": .string(Self.board), "@odata.type": "#Chassis.v1_22_0.Chassis",
                "Id": "BMC_0", "Name": "BMC_0", "ChassisType": "Module",
                "Manufacturer": "NVIDIA", "Model": "BMC", "SerialNumber": "BOARD0001",
            ])
    }

    // A member a page, the last of them without a link.
    private static func page(_ answer: inout SimulatedAnswer, _ request: SimulatedRequest) {
        let page = request.query.flatMap { Int($0.replacing("page=", with: "")) } ?? 0
        answer.edit { resource in
            guard let members = resource["Members"]?.array, members.count > 1 else { return }
            resource["Members"] = .array(Array(members.dropFirst(page).prefix(1)))
            resource["Members@odata.nextLink"] = nil
            if page + 1 < members.count {
                resource["@odata.nextLink"] = .string("\(request.path)?page=\(page + 1)")
            }
        }
    }

    private static func unset(_ value: JSON, under key: String) -> JSON {
        switch value {
        case .string where key == "DateTime": "1970-01-01T00:10:00Z"
        case .string where key == "Created": "1970-01-01T00:05:00Z"
        case .array(let elements): .array(elements.map { unset($0, under: "") })
        case .object(let object):
            .object(JSONObject(object.map { ($0.key, unset($0.value, under: $0.key)) }))
        default: value
        }
    }

    // By turns: no limits, written as 0, and limits that are swapped.
    private static func odd(_ index: Int, _ sensor: JSON) -> JSON {
        guard var object = sensor.object else { return sensor }
        let isSwapped = index % 2 == 1
        object["UpperThresholdCritical"] = isSwapped ? 1 : 0
        object["UpperThresholdNonCritical"] = 0
        object["LowerThresholdCritical"] = isSwapped ? 100_000 : 0
        object["LowerThresholdNonCritical"] = 0
        return .object(object)
    }
}
