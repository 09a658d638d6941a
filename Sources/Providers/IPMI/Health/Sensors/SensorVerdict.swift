internal import Core
internal import IPMIWire

/// What a sensor's present reading means for the machine's health.
enum SensorVerdict: Hashable, Sendable {
    /// The sensor shows nothing: its part is absent or without power, or it is not looked at.
    case silent
    case well
    /// A threshold is crossed.
    case beyond(SensorThreshold)
    /// States hold that are none of a well machine; their offsets.
    case states([UInt8])

    /// - Parameter isOn: Whether the machine runs. Fans stand still, voltages and temperatures are
    ///   low and redundancy is gone where it does not, so that these say nothing then.
    init(_ reading: GetSensorReading.Response, of sensor: Sensor, isOn: Bool) {
        guard reading.isGood(of: sensor), let states = reading.states else {
            self = .silent
            return
        }
        if sensor.hasThresholds {
            let crossed = UInt8(states & 0x3F) & sensor.comparisons
            let worst = SensorThreshold.worstFirst.first {
                crossed & $0.bit != 0 && (isOn || $0.isUpper)
            }
            self = worst.map { .beyond($0) } ?? .well
        } else {
            let ill = (UInt8(0)..<15).filter { offset in
                states & sensor.states & 1 << UInt16(offset) != 0
                    && Self.health(of: offset, sensor, isOn: isOn) > .ok
            }
            self = ill.isEmpty ? .well : .states(ill)
        }
    }

    // Redundancy and performance are those of a machine that runs.
    private static let runningOnly: Set<UInt8> = [0x06, 0x0A, 0x0B]

    private static func health(of offset: UInt8, _ sensor: Sensor, isOn: Bool) -> Health {
        guard isOn || !runningOnly.contains(sensor.eventType) else { return .ok }
        let meaning = EventCatalogue.meaning(
            sensorType: sensor.type, eventType: sensor.eventType, offset: offset)
        return meaning?.health ?? .ok
    }
}

extension SensorThreshold {
    /// How bad it is to be beyond it.
    var health: Health { grade == 0 ? .warning : .critical }

    /// `above the critical threshold`
    var crossing: String {
        let names = ["non-critical", "critical", "non-recoverable"]
        return "\(isUpper ? "above" : "below") the \(names[Int(grade)]) threshold"
    }
}
