internal import Core
internal import IPMIWire

/// What a chassis status says is wrong (IPMI v2.0 28.2).
extension GetChassisStatus.Response {
    var power: PowerState { isOn ? .on : .off }

    /// The faults that there are now, the worst first.
    var findings: [HealthReport.Finding] {
        var findings: [HealthReport.Finding] = []
        func add(_ part: String, _ cause: String, if isSo: Bool, _ health: Health = .critical) {
            guard isSo else { return }
            findings.append(HealthReport.Finding(health, part, cause: cause))
        }
        let power = "Chassis power"
        add(power, "shut down for drawing too much", if: powerFaults.contains(.overload))
        add(
            power, "shut down because an interlock is open: is a panel or cover missing?",
            if: powerFaults.contains(.interlock))
        add(power, "fault in the main power subsystem", if: powerFaults.contains(.fault))
        add(
            power, "the BMC could not switch it on or off",
            if: powerFaults.contains(.controlFault))
        add(
            "Chassis cooling", "a fan, or the cooling, is faulty",
            if: conditions.contains(.coolingFault))
        add("Chassis drives", "a drive is faulty", if: conditions.contains(.driveFault))
        // While the fault lasts, that says it; when the power is back, it is the past.
        if !isOn, powerFaults.isEmpty, let cause = lastPowerEvent.faultText {
            add(power, "went off the last time \(cause)", if: true, .warning)
        }
        return findings
    }
}

extension GetChassisStatus.LastPowerEvent {
    /// Why the power went off, if that was a fault of the machine.
    fileprivate var faultText: String? {
        if contains(.overload) { return "for drawing too much" }
        if contains(.interlock) { return "because an interlock was opened" }
        if contains(.fault) { return "by a fault in the power subsystem" }
        return nil
    }
}
