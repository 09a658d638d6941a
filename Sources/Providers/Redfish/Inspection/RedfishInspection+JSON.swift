public import Core

extension RedfishInspection {
    /// The inspection for programs.
    public var json: JSON {
        [
            "Usable": .bool(isUsable), "Service": service.json,
            "Systems": .array(systems.map(\.json)), "Managers": .array(managers.map(\.json)),
            "Quirks": .array(quirks.map(JSON.string)),
            "Problems": .array(
                problems.map {
                    [
                        "Path": .string($0.path), "Problem": .string($0.text),
                        "Grave": .bool($0.isGrave),
                    ]
                }),
            "Requests": JSON(requests),
        ]
    }
}

extension RedfishInspection.Service {
    fileprivate var json: JSON {
        [
            "RedfishVersion": JSON(redfishVersion), "Vendor": JSON(vendor),
            "Product": JSON(product), "UUID": JSON(uuid), "Sessions": .bool(hasSessions),
            "SessionTimeout": sessionTimeout.map { JSON($0) } ?? .null,
            "ExpandLevels": expandLevels.map { JSON($0) } ?? .null, "Events": .bool(hasEvents),
            "EventStream": JSON(eventStream), "Tasks": .bool(hasTasks),
            "Updates": .bool(hasUpdates),
        ]
    }
}

extension RedfishInspection.System {
    fileprivate var json: JSON {
        [
            "Path": .string(path), "ID": JSON(id), "Name": JSON(name),
            "Power": .string(power.rawValue), "Facts": facts.json,
            "Health": .string(health.rawValue), "Reasons": .array(reasons.map(JSON.string)),
            "ResetTypes": JSON(texts: resetTypes), "BootTargets": JSON(texts: bootTargets),
            "BootModes": JSON(texts: bootModes), "BootOverride": JSON(bootOverride),
            "VirtualMedia": JSON(texts: virtualMedia),
            "Chassis": .array(chassis.map(\.json)), "Logs": JSON(texts: logs),
        ]
    }
}

extension RedfishInspection.Chassis {
    fileprivate var json: JSON {
        [
            "Path": .string(path), "Manufacturer": JSON(manufacturer), "Model": JSON(model),
            "Thermal": JSON(texts: thermal), "Power": JSON(texts: power),
            "Sensors": .bool(hasSensors),
        ]
    }
}

extension RedfishInspection.Manager {
    fileprivate var json: JSON {
        [
            "Path": .string(path), "Model": JSON(model), "FirmwareVersion": JSON(firmwareVersion),
            "DateTime": JSON(dateTime), "Health": .string(health.rawValue),
        ]
    }
}

extension JSON {
    /// An array of strings, or `null`.
    fileprivate init(texts: [String]?) {
        self = texts.map { .array($0.map(JSON.string)) } ?? .null
    }
}
