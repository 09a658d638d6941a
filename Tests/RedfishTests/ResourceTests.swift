import Core
import Foundation
import Testing

@testable import Redfish

@Suite("A resource")
struct ResourceTests {
    private func observation(_ members: JSONObject) -> Observation {
        let json = Rack.computer("1", members)
        return ComputerSystem(RedfishResource(path: Rack.system, json: json))
            .observation(at: Date(timeIntervalSince1970: 0))
    }

    private static let states: [(JSON, PowerState)] = [
        ("On", .on), ("Off", .off), ("PoweringOn", .poweringOn), ("PoweringOff", .poweringOff),
        ("Paused", .on), ("on", .on), (.null, .unknown), (true, .unknown), ("Asleep", .unknown),
    ]

    @Test("shows its power state", arguments: states)
    func power(text: JSON, state: PowerState) {
        #expect(observation(["PowerState": text]).power == state)
    }

    private static let healths: [(JSONObject, Health, [String])] = [
        (["Status": .null], .ok, []),
        (["Status": ["State": "Disabled", "Health": "OK"]], .ok, []),
        (["Status": ["State": "Disabled"]], .ok, []),
        (["Status": ["Health": .null, "HealthRollup": .null]], .ok, []),
        (["Status": ["Health": "Fine"]], .ok, []),
        (["Status": ["Health": "Critical"]], .critical, ["System: Critical"]),
        (["Status": ["Health": "OK", "HealthRollup": "Warning"]], .warning, ["System: Warning"]),
        (
            [
                "Status": [
                    "Health": "Critical",
                    "Conditions": [
                        ["Severity": "Critical", "Message": "Input lost."],
                        ["Severity": "OK", "Message": "Back again."],
                        ["Severity": "Warning", "MessageId": "Env.1.0.Hot"],
                    ],
                ]
            ], .critical, ["System: Critical: Input lost.", "System: Warning: Env.1.0.Hot"]
        ),
        (
            [
                "Status": [
                    "Health": "Critical",
                    "Conditions": [["Severity": "Warning", "Message": "Hot."]],
                ]
            ], .critical, ["System: Critical", "System: Warning: Hot."]
        ),
        (
            [
                "Status": ["HealthRollup": "Warning"],
                "ProcessorSummary": ["Status": ["Health": "Warning"]],
                "MemorySummary": ["Status": ["HealthRollup": "Critical"]],
            ], .critical, ["Memory: Critical", "System: Warning", "Processors: Warning"]
        ),
        (
            ["ProcessorSummary": ["Status": ["State": "Absent", "Health": "Critical"]]], .ok, []
        ),
    ]

    @Test("shows its health with the worst reason first", arguments: healths)
    func health(members: JSONObject, health: Health, reasons: [String]) {
        let observation = observation(members)
        #expect(observation.health == health)
        #expect(observation.reasons == reasons)
        #expect(observation.date == Date(timeIntervalSince1970: 0))
    }

    @Test("of nonsense is empty, not an error")
    func nonsense() {
        let members: [JSON] = [.null, 7, "x", [], [:], [["@odata.id": 3]]]
        for value in members {
            var json = JSONObject()
            for key in [
                "Id", "Status", "Boot", "Actions", "Links", "PowerState", "Processors", "UUID",
                "ProcessorSummary", "MemorySummary", "@odata.type", "Members", "Parameters",
            ] {
                json[key] = value
            }
            let resource = RedfishResource(path: "/x", json: .object(json))
            let system = ComputerSystem(resource)
            #expect(system.powerState == .unknown)
            #expect(system.status.worst == .ok)
            #expect(system.reset == nil)
            #expect(system.managedBy == [])
            #expect(ActionInfo(resource).allowableValues(of: "ResetType") == nil)
        }
    }

    private static let addresses: [(String, String?)] = [
        ("94:40:C9:5C:86:BC", "94:40:c9:5c:86:bc"), ("94-40-c9-5c-86-bc", "94:40:c9:5c:86:bc"),
        ("9440.c95c.86bc", "94:40:c9:5c:86:bc"), ("9440C95C86BC", "94:40:c9:5c:86:bc"),
        ("00:00:00:00:00:00", nil), ("FF:FF:FF:FF:FF:FF", nil), ("Not Available", nil), ("", nil),
        ("94:40:c9:5c:86", nil), ("94:40:c9:5c:86:bg", nil),
    ]

    @Test("writes MAC addresses one way and leaves out placeholders", arguments: addresses)
    func macAddress(text: String, normalised: String?) {
        #expect(EthernetInterface.normalised(text) == normalised)
    }
}
