import Core
import HTTPClient
import Logging
import Redfish

/// What most tests start from.
enum Rack {
    static let system = "/redfish/v1/Systems/1"
    static let reset = system + "/Actions/ComputerSystem.Reset"

    /// A service with the given systems; each is named by the last part of its path.
    static func service(_ systems: [String: JSON]) -> [String: JSON] {
        let members = systems.keys.sorted().map { JSON.object(["@odata.id": .string($0)]) }
        var resources: [String: JSON] = [
            "/redfish/v1": ["Systems": ["@odata.id": "/redfish/v1/Systems"]],
            "/redfish/v1/Systems": ["Members": .array(members)],
        ]
        for (path, system) in systems { resources[path] = system }
        return resources
    }

    /// A service with one system, `/redfish/v1/Systems/1`.
    static func oneSystem(_ members: JSONObject = [:]) -> [String: JSON] {
        service([system: computer("1", members)])
    }

    static func computer(_ id: String, _ members: JSONObject = [:]) -> JSON {
        let plain: JSON = [
            "@odata.type": "#ComputerSystem.v1_5_0.ComputerSystem", "Id": .string(id),
            "Name": "System", "PowerState": "On", "Status": ["Health": "OK"],
        ]
        return plain.setting(members)
    }

    static func actions(_ allowed: JSON?) -> JSON {
        var reset: JSONObject = ["target": .string(Rack.reset)]
        reset["ResetType@Redfish.AllowableValues"] = allowed
        return ["#ComputerSystem.Reset": .object(reset)]
    }

    static func provider(timeouts: RedfishTimeouts = RedfishTimeouts()) -> RedfishProvider {
        RedfishProvider(http: HTTPClient(), logger: silent, timeouts: timeouts)
    }

    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
