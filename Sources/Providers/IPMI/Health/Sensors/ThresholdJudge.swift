internal import IPMIWire

/// Looks at the numbers behind a flag that says that a threshold is crossed. There are BMCs whose flags
/// contradict them (0 °C "above 108 °C"): then the numbers decide.
struct ThresholdJudge {
    let sensor: Sensor
    let raw: UInt8

    /// What came of it.
    struct Judgement {
        /// Nil if none is crossed.
        var threshold: SensorThreshold?
        /// `101 °C, above the critical threshold of 95 °C`, with as much of it as the BMC tells.
        var cause = ""
    }

    func judge(
        _ flag: SensorThreshold, isOn: Bool, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> Judgement {
        guard sensor.conversion != nil else {
            return Judgement(threshold: flag, cause: flag.crossing)
        }
        let value = try await value(raw, &budget)
        let answer = try await budget.ask(
            GetSensorThresholds(sensor: sensor.key.number, lun: sensor.key.owner.lun))
        let thresholds = answer.response?.thresholds ?? SensorThresholds()
        let limit = try await limit(flag, thresholds, &budget)
        guard let value, let limit else { return judgement(flag, value, limit) }
        // Nothing is below a limit of 0 by being 0.
        let isVoid = !flag.isUpper && value == 0 && limit == 0
        if !isVoid {
            if flag.isCrossed(by: value, limit) { return judgement(flag, value, limit) }
            if try await isWithinHysteresis(flag, thresholds, &budget) {
                return judgement(flag, value, limit)
            }
        }
        for threshold in SensorThreshold.worstFirst where isOn || threshold.isUpper {
            guard let limit = try await self.limit(threshold, thresholds, &budget),
                threshold.isCrossed(by: value, limit), value != 0 || limit != 0
            else { continue }
            return judgement(threshold, value, limit)
        }
        return Judgement()
    }

    private func judgement(
        _ threshold: SensorThreshold, _ value: Double?, _ limit: Double?
    ) -> Judgement {
        let units = sensor.conversion?.units ?? SensorUnits()
        let crossing =
            threshold.crossing + (limit.map { " of \(ReadingText.text($0, units))" } ?? "")
        return Judgement(
            threshold: threshold,
            cause: value.map { "\(ReadingText.text($0, units)), \(crossing)" } ?? crossing)
    }

    /// Whether a reading that came back from the threshold may not be well yet.
    private func isWithinHysteresis(
        _ threshold: SensorThreshold, _ thresholds: SensorThresholds,
        _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> Bool {
        guard let limit = thresholds[threshold] else { return true }
        let answer = try await budget.ask(
            GetSensorHysteresis(sensor: sensor.key.number, lun: sensor.key.owner.lun))
        let told = answer.response
        let hysteresis = (threshold.isUpper ? told?.positive : told?.negative) ?? 0
        // Between two requests a reading moves a little.
        return Int(max(limit, raw) - min(limit, raw)) <= Int(hysteresis) + 1
    }

    private func limit(
        _ threshold: SensorThreshold, _ thresholds: SensorThresholds,
        _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> Double? {
        guard let raw = thresholds[threshold] else { return nil }
        return try await value(raw, &budget)
    }

    private func value(
        _ raw: UInt8, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> Double? {
        guard let conversion = sensor.conversion else { return nil }
        var factors: SensorFactors?
        if conversion.linearisation.isNonLinear {
            let answer = try await budget.ask(
                GetSensorReadingFactors(
                    sensor: sensor.key.number, reading: raw, lun: sensor.key.owner.lun))
            guard let own = answer.response?.factors else { return nil }
            factors = own
        }
        return sensor.value(of: raw, factors: factors)
    }
}

extension SensorThreshold {
    /// The non-recoverable ones, the critical, the non-critical.
    static let worstFirst: [SensorThreshold] = [
        .upperNonRecoverable, .lowerNonRecoverable, .upperCritical, .lowerCritical,
        .upperNonCritical, .lowerNonCritical,
    ]

    /// Whether a value is at the limit or beyond it (IPMI v2.0 35.14).
    func isCrossed(by value: Double, _ limit: Double) -> Bool {
        isUpper ? value >= limit : value <= limit
    }
}
