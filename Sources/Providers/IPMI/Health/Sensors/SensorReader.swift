internal import Core
internal import IPMIWire

/// Reads sensors and says what is wrong with them.
struct SensorReader: Sendable {
    let isOn: Bool

    /// What one sensor came to.
    struct Result: Sendable {
        var verdict: SensorVerdict
        var finding: HealthReport.Finding?
        /// Why it was not read; nil if it was, even if it shows nothing.
        var complaint: String?
        /// Whether it shows nothing because the machine is off.
        var isAtRest = false
        /// Whether the BMC says that there is no such sensor.
        var isAbsent = false
        /// Whether the BMC says that it does not look at the sensor, and the reading was taken all
        /// the same.
        var isUnscanned = false
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
            if case .refused(let code) = answer {
                result.isAbsent = code == .notPresent
                result.isAtRest = code == .notInThisState && !isOn
            }
            return result
        }
        var result = try await result(reading, of: sensor, &budget)
        result.isUnscanned = reading.isGoodThoughNotScanned(of: sensor)
        return result
    }

    private func result(
        _ reading: GetSensorReading.Response, of sensor: Sensor, _ budget: inout RequestBudget
    ) async throws(IPMIFailure) -> Result {
        let verdict = SensorVerdict(reading, of: sensor, isOn: isOn)
        switch verdict {
        case .silent:
            return Result(verdict: .silent, isAtRest: !isOn)
        case .well:
            return result(try await judge(reading, sensor).judgeUnflagged(&budget), sensor)
        case .beyond(let flag):
            return result(try await judge(reading, sensor).judge(flag, &budget), sensor)
        case .states(let offsets):
            let meanings = offsets.compactMap {
                EventCatalogue.meaning(
                    sensorType: sensor.type, eventType: sensor.eventType, offset: $0)
            }
            var health = meanings.map(\.health).max() ?? .warning
            var cause = meanings.map(\.text).joined(separator: ", ")
            if sensor.isEmptyBay(reading) {
                health = min(health, .warning)
                cause += ", though it shows no drive and its events are off"
            }
            return Result(
                verdict: verdict,
                finding: finding(min(health, sensor.worst), sensor, cause: cause))
        }
    }

    private func judge(
        _ reading: GetSensorReading.Response, _ sensor: Sensor
    ) -> ThresholdJudge {
        ThresholdJudge(sensor: sensor, raw: reading.reading, isOn: isOn)
    }

    private func result(_ judgement: ThresholdJudge.Judgement, _ sensor: Sensor) -> Result {
        guard let threshold = judgement.threshold else { return Result(verdict: .well) }
        let health = judgement.isInDoubt ? .warning : threshold.health
        return Result(
            verdict: .beyond(threshold),
            finding: finding(min(health, sensor.worst), sensor, cause: judgement.cause))
    }

    private func finding(
        _ health: Health, _ sensor: Sensor, cause: String
    ) -> HealthReport.Finding {
        HealthReport.Finding(
            health, sensor.name, cause: cause, source: "sensor \(sensor.key.number)")
    }
}

extension Sensor {
    /// Whether a bay says that its drive is faulty, and that it has none (IPMI v2.0 table 42-3,
    /// sensor type 0x0D), and was told to send no events.
    fileprivate func isEmptyBay(_ reading: GetSensorReading.Response) -> Bool {
        type == 0x0D && eventType == 0x6F && !reading.sendsEvents
            && (reading.states ?? 0) & 0x01 == 0
    }
}
