/// One chassis under a deep look: what was read of it, and what that showed.
struct ChassisView {
    let chassis: Chassis
    /// What it is called among the system's; `Chassis` if it is the only one.
    let name: String
    var thermal: RedfishResource?
    var power: RedfishResource?
    var thermalSubsystem: RedfishResource?
    var powerSubsystem: RedfishResource?
    /// The kinds of sensors that something shows.
    var shown: Set<Sensor.Kind> = []
    var hasSupplies = false

    init(_ chassis: Chassis, _ name: String) {
        self.chassis = chassis
        self.name = name
    }

    /// Whether the parts have resources of their own, so that only the sensors have the readings.
    var isNewer: Bool { thermal == nil && thermalSubsystem != nil }

    /// Of which kinds the sensors are looked at: those that nothing else shows, and the fans of
    /// which something else shows less.
    var sensorKinds: Set<Sensor.Kind> {
        var kinds: Set<Sensor.Kind> = [.temperature, .fan, .voltage]
        kinds.subtract(shown)
        if isNewer { kinds.insert(.fan) }
        return kinds
    }

    /// `Cooling`, or `Cooling of Chassis Shelf` where there are several.
    func title(_ whole: String) -> String { name == "Chassis" ? whole : "\(whole) of \(name)" }

    /// The kinds of parts that nothing showed, each with the links behind which they may be.
    var missing: [(kind: String, links: [String])] {
        let (old, new) = (chassis.thermal, chassis.thermalSubsystem)
        let (power, parts) = (chassis.power, chassis.powerSubsystem)
        var missing: [(kind: String, links: [String?])] = []
        if !shown.contains(.fan) { missing.append(("fans", [old, new])) }
        if !shown.contains(.temperature) {
            missing.append(("temperatures", [old, chassis.sensors]))
        }
        if !hasSupplies { missing.append(("power supplies", [power, parts])) }
        return missing.map { ($0.kind, $0.links.compactMap(\.self)) }
    }
}
