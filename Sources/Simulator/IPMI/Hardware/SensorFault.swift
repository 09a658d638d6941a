internal import IPMIWire

/// What a health that was set on a system looks like over IPMI: one sensor that is not well.
struct SensorFault: Sendable, Hashable {
    /// The sensor's index among the hardware's.
    let sensor: Int
    /// What it shows instead of its own reading.
    let reading: Double

    /// - Parameters:
    ///   - reason: which part it is, if it names one: a fan or a power supply.
    /// - Returns: nil for a system that is well.
    init?(_ health: SimulatedHealth?, reason: String?, in sensors: [SimulatedSensor]) {
        guard let health, health != .ok else { return nil }
        let text = reason?.lowercased() ?? ""
        let isSupply = text.contains("psu") || text.contains("power supply")
        let wanted: [SimulatedSensor.Kind] =
            if isSupply {
                [.powerSupply]
            } else if text.contains("fan") {
                [.fan, .fanShare, .temperature, .powerSupply]
            } else {
                [.temperature, .powerSupply]
            }
        for kind in wanted {
            for (index, sensor) in sensors.enumerated()
            where sensor.kind == kind && sensor.reading != nil {
                guard let reading = Self.reading(of: sensor, health, text) else { continue }
                self.sensor = index
                self.reading = reading
                return
            }
        }
        return nil
    }

    private static func reading(
        of sensor: SimulatedSensor, _ health: SimulatedHealth, _ reason: String
    ) -> Double? {
        let isCritical = health == .critical
        switch sensor.kind {
        case .powerSupply:
            let state: SimulatedSensor.SupplyStates =
                !isCritical ? .failing : reason.contains("input") ? .inputLost : .failed
            return Double(state.union(.present).rawValue)
        case .fan, .fanShare:
            if isCritical { return sensor.limits[.lowerCritical].map { _ in 0 } }
            return between(sensor.limits[.lowerNonCritical], sensor.limits[.lowerCritical])
        case .temperature, .voltage:
            if isCritical {
                let next = sensor.limits[.upperNonRecoverable]
                return sensor.limits[.upperCritical].flatMap { between($0, next) ?? $0 + 2 }
            }
            return between(sensor.limits[.upperNonCritical], sensor.limits[.upperCritical])
        }
    }

    /// Beyond one limit and not beyond the next.
    private static func between(_ limit: Double?, _ next: Double?) -> Double? {
        guard let limit, let next, limit != next else { return nil }
        return limit + (next - limit) * 0.25
    }
}
