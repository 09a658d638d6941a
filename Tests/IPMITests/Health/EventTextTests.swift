import Core
import IPMIWire
import Testing

@testable import IPMI

@Suite("What events say") struct EventTextTests {
    private let table = SensorTable(
        [
            SampleRecords.temperature(1, 1, "CPU 1 Temp"),
            SampleRecords.states(2, 3, "PSU 2", type: 0x08),
        ], complaints: [])

    private func text(_ body: SELRecord.Body) -> String {
        EventText(table: table).text(SELRecord(id: 1, body: body))
    }

    // The sensor types, offsets and data are those of IPMI v2.0 table 42-3.
    @Test(
        "in words, with the sensor's name and whether it began or ended",
        arguments: [
            ("2000 04 08 03 6f 01 ff ff", "PSU 2: power supply failure detected, asserted"),
            ("2000 04 08 03 ef 03 ff ff", "PSU 2: input lost, deasserted"),
            (
                "2000 04 01 01 01 59 65 5f",
                "CPU 1 Temp: 101 °C, above the critical threshold of 95 °C, asserted"
            ),
            (
                "2000 04 01 01 81 57 55 5a",
                "CPU 1 Temp: 85 °C, above the non-critical threshold of 90 °C, deasserted"
            ),
            (
                "2000 04 0c 09 6f a1 ff 03",
                "Memory (sensor 9): uncorrectable memory error, asserted"
            ),
            (
                "0100 04 0f 00 6f c2 01 ff",
                "System firmware: system firmware progress: memory, asserted"
            ),
            (
                "0100 04 0f 00 6f c0 04 ff",
                "System firmware: system firmware error: unrecoverable system board failure, asserted"
            ),
            ("2000 04 07 20 6f 01 ff ff", "Processor (sensor 32): thermal trip, asserted"),
            (
                "2000 04 23 20 6f 01 ff ff",
                "Watchdog (sensor 32): hard reset by the watchdog, asserted"
            ),
            ("2000 04 c5 20 70 02 ff ff", "OEM sensor (sensor 32): state 2 of kind 70, asserted"),
            (
                "2000 04 ff ff ff 0f ff ff",
                "OEM sensor (sensor 255): state 15 of kind 7f, deasserted"
            ),
        ])
    func events(hex: String, expected: String) throws {
        let event = try SystemEvent(bytes: bytes("00f15365" + hex))
        #expect(text(.event(event)) == expected)
    }

    @Test("of vendors' entries as they are")
    func vendors() {
        #expect(
            text(
                .timestamped(
                    type: 0xDD, time: .unspecified, manufacturer: 674, data: [1, 2, 3, 4, 5, 0xA0]))
                == "vendor 674's entry of type dd: 0102030405a0")
        #expect(text(.other(type: 0xE0, data: [1])) == "a vendor's entry of type e0: 01")
    }

    @Test("of every type, kind and offset there is a text or none")
    func all() {
        for type in UInt8.min...UInt8.max {
            #expect(!EventCatalogue.name(ofType: type).isEmpty)
            for kind in UInt8(0)...0x7F where kind < 0x10 || kind == 0x6F || type == 0 {
                let texts = (UInt8(0)...15).compactMap { offset in
                    EventCatalogue.meaning(sensorType: type, eventType: kind, offset: offset)?.text
                }
                #expect(!texts.contains(""))
            }
        }
    }

    @Test(
        "graded by what they do to the machine",
        arguments: [
            (0x0C, 1, Health.critical), (0x0C, 0, .warning), (0x07, 0x0B, .critical),
            (0x07, 1, .critical), (0x08, 1, .critical), (0x08, 2, .warning), (0x08, 0, .ok),
            (0x0D, 1, .critical), (0x0D, 3, .ok), (0x13, 9, .critical), (0x13, 7, .warning),
            (0x20, 1, .warning), (0x25, 1, .ok), (0x29, 1, .warning),
        ])
    func grades(type: UInt8, offset: UInt8, health: Health) {
        let meaning = EventCatalogue.meaning(sensorType: type, eventType: 0x6F, offset: offset)
        #expect(meaning?.health == health)
    }

    @Test(
        "with numbers that a person reads",
        arguments: [
            (101.0, "101"), (11.970_000_000_000_001, "11.97"), (0.252, "0.252"), (4200, "4200"),
            (12345.6, "12346"), (-0.0001, "0"), (-10.5, "-10.5"), (123.45, "123.5"), (0, "0"),
        ])
    func numbers(value: Double, text: String) {
        #expect(ReadingText.number(value) == text)
    }

    @Test("with units and what they are made of")
    func units() {
        #expect(ReadingText.unit(SensorUnits(base: 1)) == "°C")
        #expect(ReadingText.unit(SensorUnits(isPercentage: true)) == "%")
        #expect(ReadingText.unit(SensorUnits(rate: 3, base: 70)) == "B/s")
        #expect(ReadingText.unit(SensorUnits(combination: .product, base: 4, modifier: 5)) == "V·A")
        #expect(
            ReadingText.unit(SensorUnits(combination: .division, base: 34, modifier: 22)) == "m/s")
        #expect(ReadingText.unit(SensorUnits(rate: 7, base: 0xFF)) == "")
        #expect(ReadingText.text(35, SensorUnits(isPercentage: true)) == "35 %")
    }
}
