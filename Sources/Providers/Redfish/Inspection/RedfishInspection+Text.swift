internal import Core

extension RedfishInspection {
    /// The inspection for a person, line by line.
    public var lines: [String] {
        var lines = service.lines
        for manager in managers { lines += ["", "Manager \(manager.path)"] + manager.lines }
        for system in systems { lines += ["", "System \(system.path)"] + system.lines }
        if !quirks.isEmpty {
            lines += ["", "Departures from the standard, all handled"] + quirks.map { "  \($0)" }
        }
        lines += ["", problems.isEmpty ? "Everything was understood." : "Not understood"]
        lines += problems.map { "  \($0.isGrave ? "! " : "")\($0.path): \($0.text)" }
        let verdict =
            isUsable
            ? "Rackpool can steer this BMC's systems."
            : "Rackpool can't steer this BMC: see the lines with an exclamation mark."
        return lines + ["", "\(verdict) (\(requests) requests)"]
    }
}

extension RedfishInspection.Service {
    fileprivate var lines: [String] {
        let maker = [vendor, product].compactMap(\.self).joined(separator: " ")
        let sessions =
            hasSessions
            ? "yes" + (sessionTimeout.map { ", ending after \($0) idle seconds" } ?? "")
            : "no: every request carries the password"
        let events =
            hasEvents ? "yes" + (eventStream.map { ", as a stream at \($0)" } ?? ", pushed") : "no"
        let expand = expandLevels.map { "\($0) level\($0 == 1 ? "" : "s")" } ?? "no"
        return [
            "Service   Redfish \(redfishVersion ?? "of an unknown version")"
                + (maker.isEmpty ? "" : ", \(maker)"),
            "UUID      \(uuid ?? "-")", "Sessions  \(sessions)", "Events    \(events)",
            "Expand    \(expand)", "Updates   \(hasUpdates ? "yes" : "no")",
            "Tasks     \(hasTasks ? "yes" : "no")",
        ]
    }
}

extension RedfishInspection.Manager {
    fileprivate var lines: [String] {
        [
            "  Model         \(model ?? "-")", "  Firmware      \(firmwareVersion ?? "-")",
            "  Clock         \(dateTime ?? "-")", "  Health        \(health.rawValue)",
        ]
    }
}

extension RedfishInspection.System {
    fileprivate var lines: [String] {
        let names = [id, name].compactMap(\.self).uniqued.joined(separator: ", ")
        let list = { (texts: [String]?) in
            guard let texts else { return "not told" }
            return texts.isEmpty ? "none" : texts.joined(separator: ", ")
        }
        var lines = [
            "  Names         \(names.isEmpty ? "-" : names)", "  Power         \(power.rawValue)",
            "  Health        \(health.rawValue)",
        ]
        lines += reasons.map { "                \($0)" }
        lines += facts.lines
        lines += [
            "  Resets        \(list(resetTypes))", "  Boots from    \(list(bootTargets))",
            "  Boot modes    \(list(bootModes))", "  Override      \(bootOverride ?? "none")",
            "  Media         \(list(virtualMedia))",
        ]
        lines += chassis.map { chassis in
            let maker = [chassis.manufacturer, chassis.model].compactMap(\.self)
            let model = chassis.thermal + chassis.power + (chassis.hasSensors ? ["Sensors"] : [])
            return "  Chassis       \(([chassis.path] + maker).joined(separator: " ")): "
                + list(model)
        }
        return lines + logs.map { "  Log           \($0)" }
    }
}

extension Facts {
    fileprivate var lines: [String] {
        let maker = [manufacturer, model].compactMap(\.self).joined(separator: " ")
        let processors = [
            processorCount.map { "\($0) ×" }, processorModel, coreCount.map { "(\($0) cores)" },
        ].compactMap(\.self).joined(separator: " ")
        let memory = memoryGiB.map { gibibytes in
            Int(exactly: gibibytes).map { "\($0) GiB" } ?? "\(gibibytes) GiB"
        }
        let tag = serviceTag.map { ["  Service tag   \($0)"] } ?? []
        return tag + [
            "  Machine       \(maker.isEmpty ? "-" : maker)",
            "  Serial        \(serialNumber ?? "-")", "  UUID          \(uuid ?? "-")",
            "  Processors    \(processors.isEmpty ? "-" : processors)",
            "  Memory        \(memory ?? "-")",
            "  MACs          \(macAddresses.isEmpty ? "-" : macAddresses.joined(separator: ", "))",
            "  BIOS          \(biosVersion ?? "-")",
            "  BMC firmware  \(bmcFirmwareVersion ?? "-")",
        ]
    }
}
