internal import Core
internal import IPMIWire

/// Reads sensors and says what is wrong with them.
struct SensorReader: Sendable {
    let isOn: Bool

    /// What one sensor came to.
    struct Result: Sendable {
        var verdict: SensorVerdict
        var finding: HealthReport.Finding?
        /// Why there is no verdict on it; nil if there is.
        var complaint: String?
        /// Whether there may be a verdict in a moment, and what was known holds until then.
        var isPassing = false
    }

    /// Reads a sensor; nil if the budget is used up.
    func read(
        _ sensor: Sensor, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> Result? {
        let answer = try await budget.ask(
            GetSensorReading(sensor: sensor.key.number, lun: sensor.key.owner.lun))
        guard let reading = answer.response else {
            if case .unasked = answer { return nil }
            var result = Result(verdict: .silent, complaint: answer.complaint)
            if case .refused(let code) = answer { result.isPassing = code.isTransient }
            return result
        }
        let verdict = SensorVerdict(reading, of: sensor, isOn: isOn)
        switch verdict {
        case .silent, .well:
            return Result(verdict: verdict)
        case .beyond(let threshold):
            let cause = try await cause(threshold, reading.reading, sensor, &budget)
            return Result(
                verdict: verdict,
                finding: finding(threshold.health, sensor, cause: cause))
        case .states(let offsets):
            let meanings = offsets.compactMap {
                EventCatalogue.meaning(
                    sensorType: sensor.type, eventType: sensor.eventType, offset: $0)
            }
            return Result(
                verdict: verdict,
                finding: finding(
                    meanings.map(\.health).max() ?? .warning, sensor,
                    cause: meanings.map(\.text).joined(separator: ", ")))
        }
    }

    private func finding(
        _ health: Health, _ sensor: Sensor, cause: String
    ) -> HealthReport.Finding {
        HealthReport.Finding(
            health, sensor.name, cause: cause, source: "sensor \(sensor.key.number)")
    }

    /// `101 °C, above the critical threshold of 95 °C`, with as much of it as the BMC tells.
    private func cause(
        _ threshold: SensorThreshold, _ raw: UInt8, _ sensor: Sensor,
        _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> String {
        guard sensor.conversion != nil else { return threshold.crossing }
        let value = try await text(raw, sensor, &budget)
        let answer = try await budget.ask(
            GetSensorThresholds(sensor: sensor.key.number, lun: sensor.key.owner.lun))
        var limit: String?
        if let rawLimit = answer.response?.thresholds[threshold] {
            limit = try await text(rawLimit, sensor, &budget)
        }
        let crossing = threshold.crossing + (limit.map { " of \($0)" } ?? "")
        return value.map { "\($0), \(crossing)" } ?? crossing
    }

    private func text(
        _ raw: UInt8, _ sensor: Sensor, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> String? {
        guard let conversion = sensor.conversion else { return nil }
        var factors: SensorFactors?
        if conversion.linearisation.isNonLinear {
            let answer = try await budget.ask(
                GetSensorReadingFactors(
                    sensor: sensor.key.number, reading: raw, lun: sensor.key.owner.lun))
            guard let own = answer.response?.factors else { return nil }
            factors = own
        }
        return sensor.value(of: raw, factors: factors).map {
            ReadingText.text($0, conversion.units)
        }
    }
}
