import Core
import Foundation
import IPMIWire
import Testing

@testable import IPMI

/// Readings whose flags contradict their numbers, or that a BMC itself marks as of no worth.
@Suite struct DoubtfulReadingTests {
    private func examine(
        _ records: [SensorDataRecord], _ readings: [UInt8: GetSensorReading.Response],
        _ change: (inout FakeBMC.Contents) -> Void = { _ in }
    ) async throws -> HealthReport {
        let bmc = FakeBMC { contents in
            contents.records = records
            contents.readings = readings
            contents.thresholds = readings.mapValues { _ in SampleRecords.thresholds }
            change(&contents)
        }
        let health = HardwareHealth(time: StillTime(date: .now), tables: SensorTables())
        return try await health.examine(over: bmc, power: .on, lookingBack: .seconds(3600))
    }

    private func findings(
        _ record: SensorDataRecord, _ reading: UInt8, _ states: UInt16,
        _ change: (inout FakeBMC.Contents) -> Void = { _ in }
    ) async throws -> [String] {
        try await examine(
            [record], [1: GetSensorReading.Response(reading: reading, states: states)], change
        ).findings.map(\.text)
    }

    @Test("where flag and number contradict each other, the number decides")
    func contradiction() async throws {
        let record = SampleRecords.temperature(1, 1, "CPU 1")
        // 20 °C is not above 95 °C; nor is it beyond any other limit.
        #expect(try await findings(record, 20, 0x10) == [])
        // 96 °C is not below 5 °C, and above 95 °C.
        #expect(
            try await findings(record, 96, 0x02)
                == ["CPU 1: Critical: 96 °C, above the critical threshold of 95 °C"])
        #expect(
            try await findings(record, 96, 0x10)
                == ["CPU 1: Critical: 96 °C, above the critical threshold of 95 °C"])
    }

    @Test("a number that is beyond a limit without a flag decides, too")
    func unflagged() async throws {
        let record = SampleRecords.temperature(1, 1, "CPU 1")
        #expect(
            try await findings(record, 97, 0) == [
                "CPU 1: Critical: 97 °C, above the critical threshold of 95 °C, though the BMC does"
                    + " not flag it"
            ])
        #expect(
            try await findings(record, 3, 0) == [
                "CPU 1: Critical: 3 °C, below the critical threshold of 5 °C, though the BMC does not"
                    + " flag it"
            ])
        // At the limit or next to it, or all zeros or ones, it says nothing.
        for reading in [UInt8(96), 91, 0, 0xFF] {
            let found = try await findings(record, reading, 0)
            #expect(!found.contains { $0.contains("Critical") } && found.count <= 1)
        }
        #expect(try await findings(record, 90, 0) == [])
        // The present limits count, not those of the record.
        var limits = SampleRecords.thresholds
        limits.upperCritical = 98
        limits.upperNonCritical = 97
        #expect(try await findings(record, 97, 0) { $0.thresholds = [1: limits] } == [])
    }

    @Test("a machine whose flags and numbers agree pays nothing for it")
    func unflaggedCost() async throws {
        let bmc = FakeBMC { contents in
            contents.records = [SampleRecords.temperature(1, 1, "CPU 1")]
            contents.readings = [1: GetSensorReading.Response(reading: 40, states: 0)]
        }
        let health = HardwareHealth(time: StillTime(date: .now), tables: SensorTables())
        _ = try await health.examine(over: bmc, power: .on, lookingBack: .seconds(60))
        #expect(bmc.count(GetSensorThresholds.self) == 0)
    }

    @Test("limits that the BMC does not compare with, or that are none, are not crossed unflagged")
    func noLimits() async throws {
        func full(_ thresholds: SensorThresholds, mask: UInt16 = 0x3F3F) -> SensorDataRecord {
            let head = SensorHead(
                number: 1, entity: EntityReference(id: 3, instance: 1), type: 1, eventType: 1,
                readingMask: mask, units: SensorUnits(base: 1))
            return SensorDataRecord(
                id: 1,
                body: .full(
                    FullSensorRecord(
                        head: head, factors: SensorFactors(multiplier: 1), thresholds: thresholds,
                        name: PackedText("T"))))
        }
        let zeros = SensorThresholds(
            lowerNonCritical: 0, lowerCritical: 0, lowerNonRecoverable: 0, upperNonCritical: 0,
            upperCritical: 0, upperNonRecoverable: 0)
        let mixed = SensorThresholds(lowerCritical: 90, upperCritical: 20)
        for thresholds in [zeros, mixed, SensorThresholds(lowerCritical: 0xFF)] {
            #expect(
                try await findings(full(thresholds), 50, 0) { $0.thresholds = [1: thresholds] }
                    == [])
        }
        let upper = SensorThresholds(upperNonCritical: 20, upperCritical: 30)
        #expect(
            try await findings(full(upper, mask: 0x0808), 50, 0) { $0.thresholds = [1: upper] }
                == [
                    "T: Warning: 50 °C, above the non-critical threshold of 20 °C, though the BMC does"
                        + " not flag it"
                ])
    }

    @Test(
        "where the BMC does not tell the limits, a reading that contradicts the record's is in doubt",
        arguments: [
            FakeBMC.Reply.ignored, .refusal(.invalidCommand), .data([0, 0, 0, 0, 0, 0, 0]),
        ])
    func recordAlone(reply: FakeBMC.Reply) async throws {
        let record = SampleRecords.temperature(1, 1, "CPU 1")
        let mute: @Sendable (Int, FakeBMC.Request) -> FakeBMC.Reply? = { _, request in
            request.is(GetSensorThresholds.self) ? reply : nil
        }
        #expect(
            try await findings(record, 0, 0x10) { $0.override = mute } == [
                "CPU 1: Critical: 0 °C, below the non-recoverable threshold of 2 °C"
            ])
        #expect(
            try await findings(record, 40, 0x10) { $0.override = mute } == [
                "CPU 1: Warning: 40 °C, and flagged as above the critical threshold, which is at 95 °C"
                    + " by the sensor's record: in doubt"
            ])
        #expect(
            try await findings(record, 97, 0x10) { $0.override = mute } == [
                "CPU 1: Critical: 97 °C, above the critical threshold of 95 °C"
            ])
        #expect(
            try await findings(record, 97, 0) { $0.override = mute } == [
                "CPU 1: Warning: 97 °C, above the critical threshold of 95 °C, though the BMC does not"
                    + " flag it: in doubt"
            ])
    }

    @Test("a flag that holds within the hysteresis contradicts nothing")
    func hysteresis() async throws {
        let record = SampleRecords.temperature(1, 1, "CPU 1")
        let wide: @Sendable (Int, FakeBMC.Request) -> FakeBMC.Reply? = { _, request in
            request.is(GetSensorHysteresis.self)
                ? .value(GetSensorHysteresis.Response(positive: 3, negative: 3)) : nil
        }
        #expect(try await findings(record, 92, 0x10) { $0.override = wide }.count == 1)
        // Above the non-critical limit of 90 it is all the same.
        #expect(
            try await findings(record, 92, 0x10)
                == ["CPU 1: Warning: 92 °C, above the non-critical threshold of 90 °C"])
    }

    @Test("nothing is below a limit of 0")
    func zero() async throws {
        let record = SampleRecords.analogue(
            1, 1, "Power", type: 0x0B, unit: 6, factors: SensorFactors(multiplier: 1))
        let limits = SensorThresholds(lowerNonCritical: 0, lowerCritical: 0)
        #expect(try await findings(record, 0, 0x03) { $0.thresholds = [1: limits] } == [])
        let fan = SampleRecords.fan(1, 1, "Fan")
        let some = SensorThresholds(lowerCritical: 5, lowerNonRecoverable: 0)
        #expect(
            try await findings(fan, 0, 0x06) { $0.thresholds = [1: some] }
                == ["Fan: Critical: 0 rpm, below the critical threshold of 500 rpm"])
    }

    @Test("a log that is full, or nearly so, is a warning at the most")
    func log() async throws {
        let states = SampleRecords.states(1, 1, "SEL", type: 0x10)
        #expect(try await findings(states, 0, 0x20) == ["SEL: Warning: log almost full"])
        let share = SampleRecords.analogue(
            1, 1, "SEL Fullness", type: 0x10, unit: 0, factors: SensorFactors(multiplier: 1))
        #expect(
            try await findings(share, 96, 0x10).first?.hasPrefix("SEL Fullness: Warning: ") == true)
    }

    @Test(
        "a bay that says that its drive is faulty, and that it has none, is a warning at the most")
    func bay() async throws {
        let record = SampleRecords.states(1, 1, "Bay 3", type: 0x0D)
        func found(_ states: UInt16, sendsEvents: Bool) async throws -> [String] {
            try await examine(
                [record],
                [
                    1: GetSensorReading.Response(
                        reading: 0, sendsEvents: sendsEvents, states: states)
                ]
            ).findings.map(\.text)
        }
        #expect(
            try await found(0x02, sendsEvents: false) == [
                "Bay 3: Warning: drive fault, though it shows no drive and its events are off"
            ])
        #expect(try await found(0x03, sendsEvents: false) == ["Bay 3: Critical: drive fault"])
        #expect(try await found(0x02, sendsEvents: true) == ["Bay 3: Critical: drive fault"])
    }

    @Test("readings that are marked as not scanned are taken where they are more than zeros")
    func notScanned() async throws {
        let records = [
            SampleRecords.temperature(1, 1, "Hot"), SampleRecords.temperature(2, 2, "Blank"),
            SampleRecords.temperature(3, 3, "Gone"),
        ]
        let report = try await examine(
            records,
            [
                1: GetSensorReading.Response(reading: 96, isScanned: false, states: 0x18),
                2: GetSensorReading.Response(reading: 0, isScanned: false, states: 0x07),
                3: GetSensorReading.Response(
                    reading: 96, isScanned: false, isUnavailable: true, states: 0x18),
            ])
        #expect(
            report.findings.map(\.text)
                == ["Hot: Critical: 96 °C, above the critical threshold of 95 °C"])
        #expect(report.skipped.contains { $0.why.contains("does not look at them") })
    }

    @Test("sensors of one name are told apart by their parts")
    func names() {
        func supply(_ number: UInt8, _ instance: UInt8, id: UInt8 = 0x0A) -> SensorDataRecord {
            let head = SensorHead(
                number: number, entity: EntityReference(id: id, instance: instance), type: 0x08,
                eventType: 0x6F, readingMask: 0x7FFF, units: SensorUnits(format: .statesAlone))
            return SensorDataRecord(
                id: UInt16(number),
                body: .compact(CompactSensorRecord(head: head, name: PackedText("Status"))))
        }
        let apart = SensorTable([supply(1, 1), supply(2, 2)], complaints: [])
        #expect(
            apart.sensors.map(\.name) == ["Status (power supply 1)", "Status (power supply 2)"])
        let alike = SensorTable(
            [supply(1, 1), supply(2, 1), supply(3, 0x61, id: 0x1D), supply(4, 9, id: 0xE0)],
            complaints: [])
        #expect(
            alike.sensors.map(\.name) == [
                "Status (power supply 1, sensor 1)", "Status (power supply 1, sensor 2)",
                "Status (fan 1, sensor 3)", "Status (sensor 4)",
            ])
        let one = SensorTable([supply(1, 1)], complaints: [])
        #expect(one.sensors.map(\.name) == ["Status"])
    }
}
