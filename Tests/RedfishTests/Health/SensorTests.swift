import Core
import Testing

@testable import Redfish

@Suite("A sensor")
struct SensorTests {
    private struct Case: CustomTestStringConvertible {
        let testDescription: String
        let kind: Sensor.Kind
        let json: JSON
        var isRunning = true
        let health: Health?
        var text: String?

        init(
            _ description: String, _ kind: Sensor.Kind, _ json: JSON, isRunning: Bool = true,
            _ health: Health?, _ text: String? = nil
        ) {
            testDescription = description
            self.kind = kind
            self.json = json
            self.isRunning = isRunning
            self.health = health
            self.text = text
        }
    }

    private static let cases = [
        Case(
            "above its critical limit", .temperature,
            ["ReadingCelsius": 98, "UpperThresholdCritical": 95], .critical, "98 °C, limit 95"),
        Case(
            "above the limit that only warns", .temperature,
            ["ReadingCelsius": 46, "UpperThresholdNonCritical": 42, "UpperThresholdCritical": 50],
            .warning, "46 °C, limit 42"),
        Case(
            "above a fatal limit, the only one there is", .temperature,
            ["ReadingCelsius": 101.5, "UpperThresholdFatal": 100], .critical, "101.5 °C, limit 100"),
        Case(
            "of a fan that stands still", .fan,
            ["Reading": 0, "ReadingUnits": "RPM", "LowerThresholdCritical": 500], .critical,
            "0 RPM, below 500"),
        Case(
            "of a fan of a host that is off", .fan,
            ["Reading": 0, "LowerThresholdCritical": 500], isRunning: false, nil),
        Case(
            "that reads 0, as many do that measure nothing", .temperature,
            ["ReadingCelsius": 0, "LowerThresholdCritical": 5], nil),
        Case(
            "without a reading", .temperature,
            ["ReadingCelsius": nil, "UpperThresholdCritical": 95], nil),
        Case(
            "whose limits are 0", .temperature,
            ["ReadingCelsius": 40, "UpperThresholdCritical": 0, "UpperThresholdNonCritical": 0],
            nil),
        Case(
            "whose limits are null", .temperature,
            ["ReadingCelsius": 40, "UpperThresholdCritical": nil], nil),
        Case(
            "whose lower and upper limits are swapped", .temperature,
            ["ReadingCelsius": 40, "UpperThresholdCritical": 5, "LowerThresholdCritical": 95], nil),
        Case(
            "whose critical limit is nearer than the one that warns", .temperature,
            [
                "ReadingCelsius": 92, "UpperThresholdNonCritical": 95, "UpperThresholdCritical": 90,
            ], nil),
        Case(
            "that is disabled", .temperature,
            [
                "ReadingCelsius": 98, "UpperThresholdCritical": 95,
                "Status": ["State": "Disabled"],
            ], nil),
        Case(
            "that is not there", .temperature,
            ["ReadingCelsius": 98, "UpperThresholdCritical": 95, "Status": ["State": "Absent"]],
            nil),
        Case(
            "that reads nonsense", .temperature,
            ["ReadingCelsius": 255, "UpperThresholdCritical": 95], nil),
        Case(
            "in percent with limits in turns", .fan,
            ["Reading": 35, "ReadingUnits": "Percent", "LowerThresholdCritical": 500], nil),
        Case(
            "of a voltage too low", .voltage,
            ["ReadingVolts": 10.1, "LowerThresholdCritical": 10.8], .critical, "10.1 V, below 10.8"),
        Case(
            "that writes its numbers as text", .temperature,
            ["ReadingCelsius": "98", "UpperThresholdCritical": "95"], .critical, "98 °C, limit 95"),
    ]

    @Test("is judged by the limits that can be meant", arguments: cases)
    private func breach(_ example: Case) {
        let sensor = Sensor(example.json, kind: example.kind)
        let breach = sensor.breach(isRunning: example.isRunning)
        #expect(breach?.health == example.health)
        #expect(breach.map(sensor.text) == example.text)
    }

    @Test("of its own resource has its limits in Thresholds, which may be switched off")
    func resource() {
        var json: JSON = [
            "Name": "CPU1", "ReadingType": "Temperature", "Reading": 98, "ReadingUnits": "Cel",
            "Thresholds": ["UpperCritical": ["Reading": 95, "Activation": "Increasing"]],
        ]
        let hot = Sensor(RedfishResource(path: "/s", json: json)).breach(isRunning: true)
        #expect(hot?.health == .critical)
        json = json.setting([
            "Thresholds": ["UpperCritical": ["Reading": 95, "Activation": "Disabled"]]
        ])
        #expect(Sensor(RedfishResource(path: "/s", json: json)).breach(isRunning: true) == nil)
        json = json.setting([
            "ReadingType": "Percent", "Thresholds": ["UpperCritical": ["Reading": 95]],
        ])
        let load = Sensor(RedfishResource(path: "/s", json: json))
        #expect(load.breach(isRunning: true) == nil, "a high load is no sickness")
    }
}
