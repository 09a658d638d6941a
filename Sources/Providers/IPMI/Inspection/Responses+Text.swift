internal import IPMIWire

extension GetDeviceID.Capabilities {
    /// `sensors, event log`
    var text: String {
        let names: [(Self, String)] = [
            (.sensors, "sensors"), (.sdrRepository, "sensor records"), (.eventLog, "event log"),
            (.fruInventory, "inventory"), (.eventReceiver, "event receiver"),
            (.eventGenerator, "event generator"), (.bridge, "bridge"), (.chassis, "chassis"),
        ]
        let told = names.filter { contains($0.0) }.map(\.1)
        return told.isEmpty ? "nothing beyond the mandatory" : told.joined(separator: ", ")
    }
}

extension GetChassisStatus.RestorePolicy {
    /// What a person calls it; nil if the BMC does not say.
    var text: String? {
        switch self {
        case .staysOff: "stays off"
        case .restored: "goes back to what it was"
        case .turnsOn: "turns on"
        case .unknown: nil
        }
    }
}

extension GetPowerReading.Response {
    /// `132 W (98 to 240 W, 130 W on average)`
    var text: String {
        guard isMeasured else { return "not measured now" }
        return "\(watts) W (\(leastWatts) to \(mostWatts) W, \(averageWatts) W on average)"
    }
}
