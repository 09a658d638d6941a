internal import Core
internal import IPMIWire

/// The sensors that a recorded Redfish service shows, in whatever generation of its schemas.
struct RecordedSensors: Sendable {
    private(set) var sensors: [SimulatedSensor] = []
    /// What the recorded system drew.
    private(set) var watts: Double?

    init(_ resources: [String: JSON]) {
        // Sorted, so that sensors are numbered alike in every run.
        for (path, resource) in resources.sorted(by: { $0.key < $1.key })
        where path.contains("/Chassis/") {
            let type = resource["@odata.type"]?.string ?? ""
            if type.contains("#Sensor.") {
                take(sensor: resource)
            } else if type.contains("#PowerSupply.") {
                take(supply: resource)
            } else {
                take(members: resource)
            }
        }
        // Fewer, and the same in two resources, in which a service shows them side by side.
        var seen: Set<String> = []
        sensors = sensors.filter { seen.insert("\($0.kind) \($0.name)").inserted }
    }

    /// The sensors, and plausible ones of the kinds that were not recorded.
    var completed: [SimulatedSensor] {
        var all: [SimulatedSensor] = []
        for kinds in [[.temperature], [.fan, .fanShare], [.voltage], [.powerSupply]]
            as [Set<SimulatedSensor.Kind>]
        {
            let recorded = sensors.filter { kinds.contains($0.kind) }
            all += recorded.isEmpty ? Self.plausible.filter { kinds.contains($0.kind) } : recorded
        }
        return all
    }

    // MARK: - Thermal and Power, with their sensors as members

    private mutating func take(members resource: JSON) {
        for sensor in resource["Temperatures"]?.array ?? [] {
            add(sensor, .temperature, reading: sensor["ReadingCelsius"]?.number)
        }
        for sensor in resource["Fans"]?.array ?? [] {
            let isShare = sensor["ReadingUnits"]?.string == "Percent"
            let reading = sensor["Reading"] ?? sensor["CurrentReading"]
            add(sensor, isShare ? .fanShare : .fan, reading: reading?.number)
        }
        for sensor in resource["Voltages"]?.array ?? [] {
            add(sensor, .voltage, reading: sensor["ReadingVolts"]?.number)
        }
        for supply in resource["PowerSupplies"]?.array ?? [] { take(supply: supply) }
        let control = resource["PowerControl"]?.array?.first
        watts = watts ?? control?["PowerConsumedWatts"]?.number
    }

    private mutating func add(_ sensor: JSON, _ kind: SimulatedSensor.Kind, reading: Double?) {
        var limits: [SensorThreshold: Double] = [:]
        for (key, threshold) in [
            ("LowerThresholdNonCritical", .lowerNonCritical),
            ("LowerThresholdCritical", .lowerCritical),
            ("LowerThresholdFatal", .lowerNonRecoverable),
            ("UpperThresholdNonCritical", .upperNonCritical),
            ("UpperThresholdCritical", .upperCritical),
            ("UpperThresholdFatal", .upperNonRecoverable),
        ] as [(String, SensorThreshold)] {
            limits[threshold] = sensor[key]?.number
        }
        add(sensor, kind, reading, limits)
    }

    // MARK: - Resources of their own

    private mutating func take(sensor: JSON) {
        let kind: SimulatedSensor.Kind
        switch (sensor["ReadingType"]?.string, sensor["ReadingUnits"]?.string) {
        case ("Temperature", _): kind = .temperature
        case ("Rotational", _): kind = .fan
        case ("Percent", _) where sensor["Name"]?.string?.lowercased().contains("fan") == true:
            kind = .fanShare
        case ("Voltage", _): kind = .voltage
        default: return
        }
        var limits: [SensorThreshold: Double] = [:]
        for (key, threshold) in [
            ("LowerCaution", .lowerNonCritical), ("LowerCritical", .lowerCritical),
            ("LowerFatal", .lowerNonRecoverable), ("UpperCaution", .upperNonCritical),
            ("UpperCritical", .upperCritical), ("UpperFatal", .upperNonRecoverable),
        ] as [(String, SensorThreshold)] {
            limits[threshold] = sensor["Thresholds"]?[key]?["Reading"]?.number
        }
        add(sensor, kind, sensor["Reading"]?.number, limits)
    }

    private mutating func take(supply: JSON) {
        var states: SimulatedSensor.SupplyStates? = .present
        switch (supply["Status"]?["State"]?.string, supply["Status"]?["Health"]?.string) {
        case ("Absent", _): states = nil
        case (_, "Critical"):
            let isWithoutInput = (supply["LineInputVoltage"]?.number ?? 1) == 0
            states?.insert(isWithoutInput ? .inputLost : .failed)
        case (_, "Warning"): states?.insert(.failing)
        default: break
        }
        let id = supply["Id"]?.string ?? supply["MemberId"]?.string ?? ""
        var name = supply["Name"]?.string ?? "Power Supply"
        if !name.contains(id) { name += " \(id)" }
        sensors.append(
            SimulatedSensor(
                name: name, kind: .powerSupply, reading: states.map { Double($0.rawValue) }))
    }

    private mutating func add(
        _ sensor: JSON, _ kind: SimulatedSensor.Kind, _ reading: Double?,
        _ limits: [SensorThreshold: Double]
    ) {
        guard let name = sensor["Name"]?.string ?? sensor["FanName"]?.string else { return }
        let state = sensor["Status"]?["State"]?.string ?? "Enabled"
        let shown = state == "Enabled" ? reading : nil
        var limits = limits.filter { $0.value >= 0 }
        // A critical limit alone says nothing of when to worry.
        if kind == .temperature, let critical = limits[.upperCritical],
            limits[.upperNonCritical] == nil
        {
            limits[.upperNonCritical] = critical - 5
        }
        sensors.append(SimulatedSensor(name: name, kind: kind, reading: shown, limits: limits))
    }

    // MARK: - Where nothing was recorded

    private static let plausible: [SimulatedSensor] =
        [
            temperature("Inlet Temp", 24, nonCritical: 42, critical: 47),
            temperature("CPU1 Temp", 45, nonCritical: 90, critical: 95),
            temperature("CPU2 Temp", 46, nonCritical: 90, critical: 95),
            temperature("Exhaust Temp", 33, nonCritical: 70, critical: 75),
        ]
        + (1...4).map {
            SimulatedSensor(
                name: "Fan \($0)", kind: .fan, reading: 6_000 + Double($0) * 100,
                limits: [.lowerNonCritical: 1_200, .lowerCritical: 900])
        } + [
            voltage("12V", 12.1), voltage("5V", 5.03), voltage("3.3V", 3.32),
            voltage("CPU1 VCore", 1.8),
        ]
        + (1...2).map {
            SimulatedSensor(
                name: "PSU \($0) Status", kind: .powerSupply,
                reading: Double(SimulatedSensor.SupplyStates.present.rawValue))
        }

    private static func temperature(
        _ name: String, _ reading: Double, nonCritical: Double, critical: Double
    ) -> SimulatedSensor {
        SimulatedSensor(
            name: name, kind: .temperature, reading: reading,
            limits: [
                .upperNonCritical: nonCritical, .upperCritical: critical,
                .upperNonRecoverable: critical + 10,
            ])
    }

    private static func voltage(_ name: String, _ reading: Double) -> SimulatedSensor {
        SimulatedSensor(
            name: name, kind: .voltage, reading: reading,
            limits: [.lowerCritical: reading * 0.9, .upperCritical: reading * 1.1])
    }
}
