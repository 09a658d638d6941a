internal import Core

/// The server that is served where no fixture is at hand: a made-up rack server in the shape of
/// current schemas (DSP8010), no larger than a client's routine looks need.
enum SyntheticServer {
    /// The fixture, made once for all racks.
    static var fixture: Fixture {
        get throws { try built.get() }
    }

    private static let built = Result { try Fixture(name: "synthetic", resources: resources) }

    static let system = "/redfish/v1/Systems/1"
    private static let chassis = "/redfish/v1/Chassis/1"
    private static let manager = "/redfish/v1/Managers/BMC"
    private static let sessionService = "/redfish/v1/SessionService"

    private static var resources: [String: JSON] {
        var resources: [String: JSON] = [:]
        for resource in services + systemResources + chassisResources + mediaResources {
            if let path = resource["@odata.id"]?.string { resources[path] = resource }
        }
        return resources
    }

    private static func link(_ path: String) -> JSON {
        ["@odata.id": .string(path)]
    }

    static func resource(
        _ path: String, _ type: String, name: String, _ properties: JSONObject
    ) -> JSON {
        let id = path.split(separator: "/").last.map(String.init) ?? path
        let head: JSONObject = [
            "@odata.id": .string(path),
            "@odata.type": .string("#\(type)"),
            "Id": .string(path == ResourcePath.root ? "RootService" : id),
            "Name": .string(name),
        ]
        return .object(head.merged(with: properties))
    }

    static func collection(_ path: String, of type: String, _ members: [String]) -> JSON {
        [
            "@odata.id": .string(path),
            "@odata.type": .string("#\(type)Collection.\(type)Collection"),
            "Name": .string("\(type) Collection"),
            "Members": .array(members.map { link(path + "/" + $0) }),
            "Members@odata.count": JSON(members.count),
        ]
    }

    static let enabled: JSON = ["State": "Enabled", "Health": "OK"]
    private static let enabledWithRollup: JSON = [
        "State": "Enabled", "Health": "OK", "HealthRollup": "OK",
    ]

    // MARK: - Services

    private static var services: [JSON] {
        [
            resource(
                "/redfish/v1", "ServiceRoot.v1_16_0.ServiceRoot", name: "Root Service",
                [
                    "RedfishVersion": "1.19.0",
                    "UUID": "00000000-0000-4000-8000-000000000001",
                    "Vendor": "Rackpool",
                    "Product": "Simulated BMC",
                    "Systems": link("/redfish/v1/Systems"),
                    "Chassis": link("/redfish/v1/Chassis"),
                    "Managers": link("/redfish/v1/Managers"),
                    "SessionService": link(sessionService),
                    "Links": ["Sessions": link(sessionService + "/Sessions")],
                ]),
            resource(
                sessionService, "SessionService.v1_1_9.SessionService", name: "Session Service",
                [
                    "ServiceEnabled": true,
                    "SessionTimeout": 1800,
                    "Sessions": link(sessionService + "/Sessions"),
                ]),
            collection(sessionService + "/Sessions", of: "Session", []),
            collection("/redfish/v1/Systems", of: "ComputerSystem", ["1"]),
            collection("/redfish/v1/Chassis", of: "Chassis", ["1"]),
            collection("/redfish/v1/Managers", of: "Manager", ["BMC"]),
            resource(
                manager, "Manager.v1_19_0.Manager", name: "Manager",
                [
                    "ManagerType": "BMC",
                    "UUID": "00000000-0000-4000-8000-000000000002",
                    "FirmwareVersion": "1.0.0",
                    "PowerState": "On",
                    "Status": enabled,
                    "Links": ["ManagerForServers": [link(system)]],
                ]),
        ]
    }

    // MARK: - The system

    private static let resetTypes: JSON = [
        "On", "ForceOn", "ForceOff", "GracefulShutdown", "GracefulRestart", "ForceRestart",
        "PowerCycle", "PushPowerButton", "Nmi",
    ]

    private static let boot: JSON = [
        "BootSourceOverrideEnabled": "Disabled",
        "BootSourceOverrideEnabled@Redfish.AllowableValues": ["Disabled", "Once", "Continuous"],
        "BootSourceOverrideTarget": "None",
        "BootSourceOverrideTarget@Redfish.AllowableValues": [
            "None", "Pxe", "Hdd", "Cd", "Usb", "BiosSetup", "Diags", "UefiShell", "UefiHttp",
        ],
        "BootSourceOverrideMode": "UEFI",
        "BootSourceOverrideMode@Redfish.AllowableValues": ["Legacy", "UEFI"],
        "HttpBootUri": nil,
    ]

    private static var systemResources: [JSON] {
        let interfaces = system + "/EthernetInterfaces"
        return [
            resource(
                system, "ComputerSystem.v1_22_0.ComputerSystem", name: "System",
                [
                    "@odata.etag": #"W/"0""#,
                    "SystemType": "Physical",
                    "Manufacturer": "Rackpool",
                    "Model": "Simulated 1U",
                    "SKU": "SIM-1U",
                    "SerialNumber": "SIM00000000",
                    "UUID": "00000000-0000-4000-8000-000000000003",
                    "AssetTag": "",
                    "BiosVersion": "1.0.0",
                    "PowerState": "Off",
                    "IndicatorLED": "Off",
                    "Status": enabledWithRollup,
                    "Boot": boot,
                    "ProcessorSummary": [
                        "Count": 2, "CoreCount": 64, "LogicalProcessorCount": 128,
                        "Model": "Simulated Processor", "Status": enabled,
                    ],
                    "MemorySummary": ["TotalSystemMemoryGiB": 256, "Status": enabled],
                    "EthernetInterfaces": link(interfaces),
                    "VirtualMedia": link(media),
                    "Links": ["Chassis": [link(chassis)], "ManagedBy": [link(manager)]],
                    "Actions": [
                        "#ComputerSystem.Reset": [
                            "target": .string(system + "/Actions/ComputerSystem.Reset"),
                            "ResetType@Redfish.AllowableValues": resetTypes,
                        ]
                    ],
                ]),
            collection(interfaces, of: "EthernetInterface", ["NIC1", "NIC2"]),
            interface(interfaces + "/NIC1", mac: "00:00:5e:00:53:01"),
            interface(interfaces + "/NIC2", mac: "00:00:5e:00:53:02"),
        ]
    }

    private static func interface(_ path: String, mac: JSON) -> JSON {
        resource(
            path, "EthernetInterface.v1_12_0.EthernetInterface", name: "Ethernet Interface",
            [
                "MACAddress": mac, "PermanentMACAddress": mac, "SpeedMbps": 25_000,
                "LinkStatus": "LinkUp", "Status": enabled,
            ])
    }

    // MARK: - The chassis

    private static var chassisResources: [JSON] {
        let power = chassis + "/PowerSubsystem"
        let thermal = chassis + "/ThermalSubsystem"
        return [
            resource(
                chassis, "Chassis.v1_25_0.Chassis", name: "Chassis",
                [
                    "ChassisType": "RackMount",
                    "Manufacturer": "Rackpool",
                    "Model": "Simulated 1U",
                    "SerialNumber": "SIM00000000",
                    "Status": enabledWithRollup,
                    "PowerSubsystem": link(power),
                    "ThermalSubsystem": link(thermal),
                    "Links": ["ComputerSystems": [link(system)], "ManagedBy": [link(manager)]],
                ]),
            resource(
                power, "PowerSubsystem.v1_1_2.PowerSubsystem", name: "Power Subsystem",
                ["Status": enabledWithRollup, "PowerSupplies": link(power + "/PowerSupplies")]),
            collection(power + "/PowerSupplies", of: "PowerSupply", ["1", "2"]),
            powerSupply(power + "/PowerSupplies/1"),
            powerSupply(power + "/PowerSupplies/2"),
            resource(
                thermal, "ThermalSubsystem.v1_3_0.ThermalSubsystem", name: "Thermal Subsystem",
                ["Status": enabledWithRollup]),
        ]
    }

    private static func powerSupply(_ path: String) -> JSON {
        resource(
            path, "PowerSupply.v1_5_2.PowerSupply", name: "Power Supply",
            ["PowerCapacityWatts": 800, "Status": enabled])
    }
}
