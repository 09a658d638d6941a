internal import IPMIWire

/// Beyond which raw readings a sensor is not well, and how far it has to come back to be so again
/// (IPMI v2.0 43.1, 35.7 and 35.9).
struct SensorLimits: Hashable, Sendable {
    var thresholds = SensorThresholds()
    var hysteresis = GetSensorHysteresis.Response(positive: 0, negative: 0)
}
