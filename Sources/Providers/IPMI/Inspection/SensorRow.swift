internal import Core
internal import IPMIWire

/// A sensor's reading as a person reads it in a list: `41 °C`, `ok`, `101 °C, above the critical
/// threshold`.
struct SensorRow {
    let sensor: Sensor
    let reading: GetSensorReading.Response
    let isOn: Bool

    /// - Parameter factors: those of just this reading, if the sensor's record has none for all.
    func value(_ factors: SensorFactors?) -> String {
        let verdict = SensorVerdict(reading, of: sensor, isOn: isOn)
        guard reading.isGood(of: sensor) else { return "-" }
        let isKnown = factors != nil || sensor.conversion?.linearisation.isNonLinear != true
        let number = (isKnown ? sensor.value(of: reading.reading, factors: factors) : nil)
            .flatMap { value in
                sensor.conversion.map { ReadingText.text(value, $0.units) }
            }
        let state: String? =
            switch verdict {
            case .silent, .well: nil
            case .beyond(let threshold): threshold.crossing
            case .states(let offsets):
                offsets.compactMap(meaning).joined(separator: ", ")
            }
        let told = [number, state ?? (number == nil ? wellState : nil)].compactMap(\.self)
        return told.isEmpty ? "-" : told.joined(separator: ", ")
    }

    /// The states that hold, of a sensor that just has states.
    private var wellState: String {
        guard !sensor.hasThresholds, let states = reading.states else { return "ok" }
        let texts = (UInt8(0)..<15).filter { states & sensor.states & 1 << UInt16($0) != 0 }
            .compactMap(meaning)
        return texts.isEmpty ? "ok" : texts.joined(separator: ", ")
    }

    private func meaning(_ offset: UInt8) -> String? {
        EventCatalogue.meaning(
            sensorType: sensor.type, eventType: sensor.eventType, offset: offset)?.text
    }
}
