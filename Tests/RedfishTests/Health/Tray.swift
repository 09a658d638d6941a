import Core

/// A tray as NVIDIA's are: the system links to the BMC's own board, and what matters is in a shelf
/// that names the system, and in a board that the shelf contains.
enum Tray {
    static let shelf = "/redfish/v1/Chassis/Shelf"
    static let board = "/redfish/v1/Chassis/Board"
    static let foreign = "/redfish/v1/Chassis/Foreign"

    private static let critical: JSON = ["State": "Enabled", "Health": "Critical"]

    private static func chassis(
        _ type: String, systems: [String] = [], in parent: String? = nil,
        _ members: JSONObject = [:]
    ) -> JSON {
        var links: JSONObject = ["ComputerSystems": .array(systems.map(SickMachine.link))]
        if let parent { links["ContainedBy"] = SickMachine.link(parent) }
        let plain: JSON = [
            "ChassisType": .string(type), "Links": .object(links), "Status": ["Health": "OK"],
        ]
        return plain.setting(members)
    }

    private static let shelfParts: [String: JSON] = [
        "/shelf/Thermal": ["Temperatures": []],
        "/shelf/ThermalSubsystem": [
            "Fans": SickMachine.link("/shelf/Fans"),
            "LeakDetection": SickMachine.link("/shelf/LeakDetection"),
        ],
        "/shelf/Fans": SickMachine.collection(["/shelf/Fans/1"]),
        "/shelf/Fans/1": ["Id": "1", "Name": "Fan 1", "Status": critical],
        "/shelf/LeakDetection": ["LeakDetectors": SickMachine.link("/shelf/Leaks")],
        "/shelf/Leaks": SickMachine.collection(["/shelf/Leaks/1", "/shelf/Leaks/2"]),
        "/shelf/Leaks/1": [
            "Id": "1", "Name": "Leak Detector Manifold", "DetectorState": "Critical",
            "Status": ["State": "Enabled", "Health": "OK"],
        ],
        "/shelf/Leaks/2": [
            "Id": "2", "Name": "Leak Detector Cold Plate", "DetectorState": "Critical",
            "Status": ["State": "Disabled"],
        ],
        "/shelf/Power": ["PowerControl": [[:]]],
        "/shelf/PowerSubsystem": ["PowerSupplies": SickMachine.link("/shelf/Supplies")],
        "/shelf/Supplies": SickMachine.collection(["/shelf/Supplies/1", "/shelf/Supplies/2"]),
        "/shelf/Supplies/1": ["Id": "1", "Name": "PSU 1", "Status": ["Health": "OK"]],
        "/shelf/Supplies/2": ["Id": "2", "Name": "PSU 2", "Status": critical],
        "/board/Sensors": SickMachine.collection(["/board/Sensors/1"]),
        "/board/Sensors/1": [
            "Id": "1", "Name": "Board Temp", "ReadingType": "Temperature", "Reading": 99,
            "Thresholds": ["UpperCritical": ["Reading": 90]],
        ],
        "/foreign/Thermal": [
            "Fans": [["Name": "Foreign Fan", "Status": critical]]
        ],
    ]

    /// What is ill in it, without what belongs to another system.
    static let reasons = [
        "Fan 1: Critical", "PSU 2: Critical", "Leak Detector Manifold: Critical: leak detected",
        "Board Temp: Critical: 99 °C, limit 90",
    ]

    static var resources: [String: JSON] {
        let link = SickMachine.link
        var resources = SickMachine.resources(
            chassis: [
                "ChassisType": "Module", "Manufacturer": "NVIDIA", "Model": "BMC Board",
                "SerialNumber": "BMC1",
            ], shelfParts)
        resources[shelf] = chassis(
            "Shelf", systems: [Rack.system],
            [
                "Manufacturer": "Rackpool", "Model": "Tray", "SerialNumber": "TRAY1",
                "Thermal": link("/shelf/Thermal"), "Power": link("/shelf/Power"),
                "ThermalSubsystem": link("/shelf/ThermalSubsystem"),
                "PowerSubsystem": link("/shelf/PowerSubsystem"),
            ])
        resources[board] = chassis("Component", in: shelf, ["Sensors": link("/board/Sensors")])
        resources[foreign] = chassis(
            "Component", systems: ["/redfish/v1/Systems/HGX"], in: shelf,
            ["Thermal": link("/foreign/Thermal")])
        resources["/redfish/v1/Chassis"] = SickMachine.collection([
            SickMachine.chassis, foreign, board, shelf,
        ])
        resources["/redfish/v1"] = resources["/redfish/v1"]?.setting([
            "Chassis": link("/redfish/v1/Chassis")
        ])
        return resources
    }
}
