internal import IPMIWire

/// Weighs a reading's number against its flags, which say whether thresholds are crossed. There are
/// BMCs whose flags contradict the numbers (0 °C "above 108 °C", or 120 °C without a flag): then the
/// numbers decide where the BMC tells the thresholds, and where just the sensor's record tells them,
/// which may not be the present ones, the reading is in doubt.
struct ThresholdJudge {
    let sensor: Sensor
    let raw: UInt8
    let isOn: Bool

    /// What came of it.
    struct Judgement {
        /// Nil if none is crossed.
        var threshold: SensorThreshold?
        /// `101 °C, above the critical threshold of 95 °C`, with as much of it as the BMC tells.
        var cause = ""
        /// Whether flag and number contradict each other, and nobody knows which is wrong.
        var isInDoubt = false
    }

    /// A reading of which a flag says that it is beyond a threshold.
    func judge(
        _ flag: SensorThreshold, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> Judgement {
        guard sensor.conversion != nil else {
            return Judgement(threshold: flag, cause: flag.crossing)
        }
        let value = try await value(raw, &budget)
        let (thresholds, areTold) = try await thresholds(&budget)
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
        guard !isVoid, !areTold else { return Judgement() }
        return Judgement(
            threshold: flag,
            cause: "\(text(value)), and flagged as \(flag.crossing), which is at \(text(limit)) by"
                + " the sensor's record: in doubt",
            isInDoubt: true)
    }

    /// A reading of which no flag says that it is beyond a threshold. Asks the BMC only if it is, by
    /// the sensor's record.
    func judgeUnflagged(
        _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> Judgement {
        guard crossed(sensor.limits.thresholds) != nil else { return Judgement() }
        let (thresholds, areTold) = try await thresholds(&budget)
        guard let threshold = crossed(thresholds), let value = sensor.value(of: raw),
            let limit = thresholds[threshold].flatMap({ sensor.value(of: $0) })
        else { return Judgement() }
        var judgement = judgement(threshold, value, limit)
        judgement.cause += ", though the BMC does not flag it"
        judgement.isInDoubt = !areTold
        if !areTold { judgement.cause += ": in doubt" }
        return judgement
    }

    /// The worst threshold that the reading is clearly beyond, of those with which the BMC compares
    /// it; nil where the thresholds are not in their order, and so mean nothing.
    private func crossed(_ thresholds: SensorThresholds) -> SensorThreshold? {
        guard let conversion = sensor.conversion, !conversion.linearisation.isNonLinear,
            Self.saysSomething(raw), let value = sensor.value(of: raw)
        else { return nil }
        let limits = SensorThreshold.ascending.compactMap { threshold in
            thresholds[threshold].flatMap { sensor.value(of: $0) }
        }
        guard zip(limits, limits.dropFirst()).allSatisfy({ $0 <= $1 }) else { return nil }
        return SensorThreshold.worstFirst.first { threshold in
            guard isOn || threshold.isUpper, sensor.comparisons & threshold.bit != 0,
                let limit = thresholds[threshold], Self.saysSomething(limit),
                let bound = sensor.value(of: limit)
            else { return false }
            // Some compare with "at", some with "beyond".
            return threshold.isCrossed(by: value, bound) && max(limit, raw) - min(limit, raw) > 1
        }
    }

    /// What is not set, or not there, is all zeros or all ones.
    private static func saysSomething(_ raw: UInt8) -> Bool { raw != 0 && raw != 0xFF }

    /// The thresholds that the BMC tells, and where it tells none, those of the sensor's record.
    private func thresholds(
        _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> (SensorThresholds, areTold: Bool) {
        let answer = try await budget.ask(
            GetSensorThresholds(sensor: sensor.key.number, lun: sensor.key.owner.lun))
        guard let told = answer.response?.thresholds, told.mask != 0 else {
            return (sensor.limits.thresholds, areTold: false)
        }
        return (told, areTold: true)
    }

    private func judgement(
        _ threshold: SensorThreshold, _ value: Double?, _ limit: Double?
    ) -> Judgement {
        let crossing = threshold.crossing + (limit.map { " of \(text($0))" } ?? "")
        return Judgement(
            threshold: threshold, cause: value.map { "\(text($0)), \(crossing)" } ?? crossing)
    }

    private func text(_ value: Double) -> String {
        ReadingText.text(value, sensor.conversion?.units ?? SensorUnits())
    }

    /// Whether a reading that came back from the threshold may not be well yet.
    private func isWithinHysteresis(
        _ threshold: SensorThreshold, _ thresholds: SensorThresholds,
        _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> Bool {
        guard let limit = thresholds[threshold] else { return true }
        let answer = try await budget.ask(
            GetSensorHysteresis(sensor: sensor.key.number, lun: sensor.key.owner.lun))
        let told = answer.response ?? sensor.limits.hysteresis
        let hysteresis = threshold.isUpper ? told.positive : told.negative
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

    /// From the lowest limit to the highest.
    static let ascending: [SensorThreshold] = [
        .lowerNonRecoverable, .lowerCritical, .lowerNonCritical, .upperNonCritical,
        .upperCritical, .upperNonRecoverable,
    ]

    /// Whether a value is at the limit or beyond it (IPMI v2.0 35.14).
    func isCrossed(by value: Double, _ limit: Double) -> Bool {
        isUpper ? value >= limit : value <= limit
    }
}
