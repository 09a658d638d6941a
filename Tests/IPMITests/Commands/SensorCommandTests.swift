import IPMIWire
import Testing

// Requests and responses by the tables of the IPMI v2.0 specification, byte by byte.
@Suite("Sensor commands") struct SensorCommandTests {
    @Test("a reading with its states (35.14)")
    func reading() throws {
        try expectWire(GetSensorReading(sensor: 0x30), "30")
        try expectWire(
            GetSensorReading.Response(reading: 0x5F, states: 0x0018), "5f c0 18 80", required: 2)
        try expectWire(
            GetSensorReading.Response(reading: 0, sendsEvents: false, isScanned: false),
            "00 00")
        try expectWire(
            GetSensorReading.Response(reading: 0, isUnavailable: true, states: 0x7FFF),
            "00 e0 ff ff", required: 2)
        let short: GetSensorReading.Response = try read(bytes("1e c0 c1"))
        #expect(short.states == 0x00C1, "the second byte of states is optional")
    }

    @Test("thresholds, of which the mask tells which there are (35.9)")
    func thresholds() throws {
        try expectWire(GetSensorThresholds(sensor: 0x30), "30")
        try expectWire(
            GetSensorThresholds.Response(
                SensorThresholds(lowerCritical: 0x05, upperNonCritical: 0x5A, upperCritical: 0x5F)),
            "1a 00 05 00 5a 5f 00")
        let unreadable: GetSensorThresholds.Response = try read(bytes("00 01 02 03 04 05 06"))
        #expect(unreadable.thresholds == SensorThresholds())
        #expect(SensorThreshold.allCases.map(\.bit) == [1, 2, 4, 8, 16, 32])
    }

    @Test("hysteresis (35.7)")
    func hysteresis() throws {
        try expectWire(GetSensorHysteresis(sensor: 0x30), "30 ff", required: 1)
        try expectWire(GetSensorHysteresis.Response(positive: 2, negative: 3), "02 03")
    }

    @Test("factors are signed in ten and four bits (35.5)")
    func factors() throws {
        try expectWire(GetSensorReadingFactors(sensor: 0x30, reading: 0x81), "30 81")
        try expectWire(
            GetSensorReadingFactors.Response(
                nextReading: 0x82,
                factors: SensorFactors(
                    multiplier: -2, offset: -512, resultExponent: -8, offsetExponent: 7,
                    tolerance: 0x21, accuracy: 0x3C5, accuracyExponent: 2, direction: 1)),
            "82 fe e1 00 85 f9 87")
        try expectWire(
            GetSensorReadingFactors.Response(
                nextReading: 0, factors: SensorFactors(multiplier: 511, offset: 255)),
            "00 ff 40 ff 00 00 00")
    }
}
