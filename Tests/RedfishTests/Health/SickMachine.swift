import Core

/// A service of one system with what a test gives it around.
enum SickMachine {
    static let chassis = "/redfish/v1/Chassis/1"
    static let manager = "/redfish/v1/Managers/1"

    static func link(_ path: String) -> JSON { ["@odata.id": .string(path)] }

    static func collection(_ paths: [String]) -> JSON {
        ["Members": .array(paths.map(link)), "Members@odata.count": JSON(paths.count)]
    }

    /// A system in a chassis, steered by a manager.
    static func resources(
        system: JSONObject = [:], chassis members: JSONObject = [:],
        manager steering: JSONObject = [:],
        _ others: [String: JSON] = [:]
    ) -> [String: JSON] {
        var own: JSONObject = [
            "Links": ["Chassis": [link(chassis)], "ManagedBy": [link(manager)]]
        ]
        for (key, value) in system { own[key] = value }
        var resources = Rack.oneSystem(own)
        resources[chassis] = JSON.object(["Id": "1", "Name": "Chassis"]).setting(members)
        resources[manager] = JSON.object(["Id": "1", "FirmwareVersion": "1.0"]).setting(steering)
        for (path, resource) in others { resources[path] = resource }
        return resources
    }

    /// A machine with older schemas on which something of each kind is broken.
    static var olderSchemas: [String: JSON] {
        resources(
            system: [
                "Status": ["Health": "Critical", "HealthRollup": "Critical"],
                "Processors": link("/p"), "Memory": link("/m"), "Storage": link("/s"),
            ],
            chassis: ["Thermal": link("/thermal"), "Power": link("/power")],
            [
                "/thermal": [
                    "Temperatures": [
                        [
                            "Name": "CPU1 Temp", "ReadingCelsius": 98, "UpperThresholdCritical": 95,
                            "Status": ["State": "Enabled", "Health": "Critical"],
                        ],
                        [
                            "Name": "CPU2 Temp",
                            "Status": ["State": "Absent", "Health": "Critical"],
                        ],
                    ],
                    "Fans": [
                        [
                            "FanName": "Fan 3", "Reading": 0, "ReadingUnits": "RPM",
                            "LowerThresholdCritical": 500,
                        ]
                    ],
                ],
                "/power": [
                    "PowerSupplies": [
                        [
                            "Name": "HpeServerPowerSupply", "LineInputVoltage": 230,
                            "Status": ["Health": "OK"],
                        ],
                        [
                            "Name": "HpeServerPowerSupply", "LineInputVoltage": 0,
                            "Status": ["Health": "Critical"],
                        ],
                    ],
                    "Redundancy": [
                        [
                            "MinNumNeeded": 2, "RedundancySet": [[:], [:]],
                            "Status": ["Health": "Warning"],
                        ]
                    ],
                ],
                "/p": collection(["/p/1"]),
                "/p/1": ["Id": "1", "Socket": "CPU 1", "Status": ["Health": "OK"]],
                "/m": collection(["/m/1", "/m/2"]),
                "/m/1": ["Id": "1", "DeviceLocator": "A1", "Status": ["Health": "Warning"]],
                "/m/2": [
                    "Id": "2", "DeviceLocator": "A2",
                    "Status": ["State": "Absent", "Health": "Critical"],
                ],
                "/s": collection(["/s/1"]),
                "/s/1": [
                    "Id": "1", "Name": "RAID", "Drives": [link("/d/1"), link("/d/2")],
                    "Status": ["HealthRollup": "Warning"],
                ],
                "/d/1": [
                    "Id": "1", "Name": "1.1", "FailurePredicted": true, "SerialNumber": "SECRET7",
                    "Status": ["Health": "OK"],
                ],
                "/d/2": ["Id": "2", "Name": "1.2", "Status": ["Health": "OK"]],
            ])
    }
}

extension JSONObject {
    /// This object with some members replaced.
    func setting(_ members: JSONObject) -> JSONObject {
        JSON.object(self).setting(members).object ?? self
    }
}
