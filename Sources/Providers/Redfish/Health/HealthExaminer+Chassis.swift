internal import Core

extension HealthExaminer {
    /// The chassis, its power supplies, fans, temperatures and voltages: by the older resources
    /// with everything in one, else by the newer ones of parts.
    func examine(
        _ chassis: Chassis, _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        chart.count("chassis", 1)
        chart.addWhole("Chassis", chassis.status, source: chassis.path)
        let thermal = try await reader.resource(chassis.thermal)
        if let thermal { enterThermal(thermal, &chart) }
        let power = try await reader.resource(chassis.power)
        if let power { enterPower(power, &chart) }
        if thermal == nil { try await examineThermalSubsystem(chassis, &chart) }
        if power == nil { try await examinePowerSubsystem(chassis, &chart) }
        let hasTemperatures = thermal?.json["Temperatures"]?.array?.isEmpty == false
        if !hasTemperatures { try await examineSensors(chassis, &chart) }
    }

    // MARK: Thermal and Power (DSP2046 `Thermal`, `Power`)

    private func enterThermal(_ thermal: RedfishResource, _ chart: inout HealthChart) {
        chart.addWhole("Cooling", Status(thermal.json["Status"]), source: thermal.path)
        enter(thermal, "Temperatures", .temperature, &chart)
        enter(thermal, "Fans", .fan, &chart)
        enterRedundancy(thermal, "Redundancy", "Fan redundancy", &chart)
    }

    private func enterPower(_ power: RedfishResource, _ chart: inout HealthChart) {
        chart.addWhole("Power", Status(power.json["Status"]), source: power.path)
        let supplies = power.json["PowerSupplies"]?.array ?? []
        enterSupplies(supplies.map { ($0, power.path) }, &chart)
        enter(power, "Voltages", .voltage, &chart)
        enterRedundancy(power, "Redundancy", "PSU redundancy", &chart)
    }

    private func enter(
        _ resource: RedfishResource, _ key: String, _ kind: Sensor.Kind,
        _ chart: inout HealthChart
    ) {
        let sensors = (resource.json[key]?.array ?? []).filter { $0.object != nil }
            .map { Sensor($0, kind: kind) }
        enter(sensors, source: resource.path, &chart)
    }

    // MARK: ThermalSubsystem and PowerSubsystem

    private func examineThermalSubsystem(
        _ chassis: Chassis, _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        guard let thermal = try await reader.resource(chassis.thermalSubsystem) else { return }
        chart.addWhole("Cooling", Status(thermal.json["Status"]), source: thermal.path)
        let fans = try await reader.members(of: thermal.json.link("Fans"))
        let names = PartNames.names(
            "Fan", fans.map { [$0.json.text("Name"), $0.json.text("Id")] })
        for (fan, name) in zip(fans, names) {
            let speed = fan.json["SpeedPercent"]
            let turns = speed?.numeric("SpeedRPM").map { "\(Int($0)) RPM" }
            let share = speed?.numeric("Reading").map { "\(Int($0)) %" }
            let status = Status(fan.json["Status"])
            chart.addPart(
                name, status, cause: turns ?? share ?? status.stateText, source: fan.path)
        }
        chart.count("fans", fans.filter { !Status($0.json["Status"]).isAbsent }.count)
        enterRedundancy(thermal, "FanRedundancy", "Fan redundancy", &chart)
    }

    private func examinePowerSubsystem(
        _ chassis: Chassis, _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        guard let power = try await reader.resource(chassis.powerSubsystem) else { return }
        chart.addWhole("Power", Status(power.json["Status"]), source: power.path)
        let supplies = try await reader.members(of: power.json.link("PowerSupplies"))
        enterSupplies(supplies.map { ($0.json, $0.path) }, &chart)
        enterRedundancy(power, "PowerSupplyRedundancy", "PSU redundancy", &chart)
    }

    private func examineSensors(
        _ chassis: Chassis, _ chart: inout HealthChart
    ) async throws(RedfishFailure) {
        let sensors = try await reader.members(of: chassis.sensors, limit: 500)
        for sensor in sensors.map({ (Sensor($0), $0.path) }) where sensor.0.kind != .other {
            enter([sensor.0], source: sensor.1, isCounted: sensor.0.kind != .fan, &chart)
        }
    }

    // MARK: Entering

    private func enterSupplies(
        _ supplies: [(json: JSON, source: String)], _ chart: inout HealthChart
    ) {
        let supplies = supplies.map { (PowerSupply($0.json), $0.source) }
        let names = PartNames.names(
            "PSU", words: ["power", "supply", "ps"], supplies.map { $0.0.names })
        for (supply, name) in zip(supplies, names) {
            let (supply, source) = supply
            chart.addPart(
                name, supply.status, atLeast: supply.hasLostInput ? .warning : .ok,
                cause: supply.cause, source: source)
        }
        chart.count("power supplies", supplies.filter { !$0.0.status.isAbsent }.count)
    }

    /// - Parameter isCounted: not if the same parts are counted elsewhere.
    private func enter(
        _ sensors: [Sensor], source: String, isCounted: Bool = true, _ chart: inout HealthChart
    ) {
        let kinds: [Sensor.Kind: (noun: String, plural: String)] = [
            .fan: ("Fan", "fans"), .temperature: ("Temperature", "temperatures"),
            .voltage: ("Voltage", "voltages"),
        ]
        let names = sensors.enumerated().map { index, sensor in
            sensor.name ?? "\(kinds[sensor.kind]?.noun ?? "Sensor") \(index + 1)"
        }
        for (sensor, name) in zip(sensors, names) {
            let breach = sensor.breach(isRunning: isRunning)
            if isCounted, !sensor.status.isAbsent, let kind = kinds[sensor.kind] {
                chart.count(kind.plural, 1)
            }
            // What is switched off measures nothing, whatever its health says.
            if sensor.status.state?.lowercased() == "disabled" { continue }
            chart.addPart(
                name, sensor.status, atLeast: breach?.health ?? .ok,
                cause: breach.map(sensor.text) ?? sensor.readingText ?? sensor.status.stateText,
                source: source)
        }
    }

    private func enterRedundancy(
        _ resource: RedfishResource, _ key: String, _ name: String, _ chart: inout HealthChart
    ) {
        for group in resource.json[key]?.array ?? [] where group.object != nil {
            let needed =
                group.positiveInteger("MinNumNeeded")
                ?? group.positiveInteger("MinNeededInGroup")
            let count = (group["RedundancySet"]?.array ?? group["RedundancyGroup"]?.array)?.count
            let cause = needed.flatMap { needed in
                count.flatMap { $0 > 0 ? "\(needed) needed, of a set of \($0)" : nil }
            }
            let status = Status(group["Status"])
            if status.state?.lowercased() == "disabled" { continue }
            chart.addPart(name, status, cause: cause ?? status.stateText, source: resource.path)
        }
    }
}
