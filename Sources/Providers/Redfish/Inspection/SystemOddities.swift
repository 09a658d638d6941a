internal import Core

/// What of a system's own resource is not understood, or is understood only because it is known
/// that BMCs write it so.
enum SystemOddities {
    static func problems(
        of system: ComputerSystem, facts: Facts, resetTypes: [String]?
    ) -> [RedfishInspection.Problem] {
        var problems: [RedfishInspection.Problem] = []
        let note = { (text: String, isGrave: Bool) in
            problems.append(RedfishInspection.Problem(system.path, text, isGrave: isGrave))
        }
        if system.powerState == .unknown {
            let said = system.powerStateText.map { "\"\($0)\" is not known" } ?? "is missing"
            note("PowerState \(said)", true)
        }
        if system.reset == nil {
            note("there is no reset action: it can't be switched", true)
        } else if resetTypes == nil {
            note("the reset action names no types: the standard's are tried", false)
        } else {
            // A cycle can be made of the others, and nobody but the operator resets.
            for command in [PowerCommand.on, .gracefulOff, .forceOff]
            where !command.isOffered(by: resetTypes ?? []) {
                note("no reset type does \(command.rawValue)", command != .gracefulOff)
            }
        }
        if !system.boot.canOverride { note("there is no boot override", false) }
        for (path, text) in system.status.unknownTexts {
            note("\(path) \"\(text)\" is not known", false)
        }
        for name in facts.missing { note("\(name): not told", false) }
        return problems
    }

    static func quirks(of system: ComputerSystem, _ managers: [Manager]) -> [String] {
        var quirks: [String] = []
        if system.status.state == nil { quirks.append("the system shows no Status.State") }
        if system.chassis.isEmpty { quirks.append("the system names no chassis") }
        if system.managedBy.isEmpty { quirks.append("the system names no manager") }
        if !managers.isEmpty, !managers.contains(where: { $0.firmwareVersion != nil }) {
            quirks.append("the manager shows no firmware version")
        }
        if system.processorSummary.count == nil {
            quirks.append("there is no processor summary: processors are counted one by one")
        }
        if system.memorySummary.totalSystemMemoryGiB == nil {
            quirks.append("there is no memory summary: modules are summed up")
        }
        if system.reset?.allowableValues == nil, system.reset?.actionInfo != nil {
            quirks.append("the reset types are in an ActionInfo")
        }
        return quirks
    }
}

extension PowerCommand {
    /// Whether one of the reset types does it, in one of the power states.
    fileprivate func isOffered(by types: [String]) -> Bool {
        let wanted = (resetTypes + (buttonState == nil ? [] : ["PushPowerButton"]))
            .map { $0.lowercased() }
        return types.contains { wanted.contains($0.lowercased()) }
    }
}

extension Facts {
    /// What an operator expects to be told, and is not.
    fileprivate var missing: [String] {
        let all: [(String, Bool)] = [
            ("Manufacturer", manufacturer == nil), ("Model", model == nil),
            ("SerialNumber", serialNumber == nil), ("UUID", uuid == nil),
            ("the number of processors", processorCount == nil),
            ("the processors' model", processorModel == nil),
            ("the number of cores", coreCount == nil), ("the memory", memoryGiB == nil),
            ("the MAC addresses", macAddresses.isEmpty), ("BiosVersion", biosVersion == nil),
            ("the BMC's firmware version", bmcFirmwareVersion == nil),
        ]
        return all.filter(\.1).map(\.0)
    }
}
