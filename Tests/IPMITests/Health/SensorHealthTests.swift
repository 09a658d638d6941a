import Core
import Foundation
import IPMIWire
import Testing

@testable import IPMI

@Suite("Health by sensors") struct SensorHealthTests {
    private let health = HardwareHealth(
        time: StillTime(date: Date(timeIntervalSince1970: 1_700_000_000)), tables: SensorTables())

    /// Looks until all sensors were read.
    private func look(_ bmc: FakeBMC, isOn: Bool = true) async throws -> [String] {
        for _ in 0..<50 {
            let before = bmc.requests.count
            _ = try await health.look(over: bmc, isOn: isOn, claimedAt: nil)
            #expect(bmc.requests.count - before <= HardwareHealth.requestsPerLook)
            if await health.coverage == .whole { break }
        }
        return try await health.look(over: bmc, isOn: isOn, claimedAt: nil).map(\.text)
    }

    private func oneSensor(
        _ record: SensorDataRecord, _ reading: UInt8, _ states: UInt16,
        _ change: (inout FakeBMC.Contents) -> Void = { _ in }
    ) -> FakeBMC {
        FakeBMC {
            $0.records = [record]
            $0.readings[1] = GetSensorReading.Response(reading: reading, states: states)
            $0.thresholds[1] = SampleRecords.thresholds
            change(&$0)
        }
    }

    struct Case: Sendable {
        var record = SampleRecords.temperature(1, 1, "CPU 1 Temp")
        var reading: UInt8 = 0
        var states: UInt16 = 0
        var off: String?
        var on: String?
    }

    @Test(
        "is told with the reading and the limit",
        arguments: [
            Case(reading: 45),
            Case(
                reading: 91, states: 0x08,
                off: "CPU 1 Temp: Warning: 91 °C, above the non-critical threshold of 90 °C",
                on: "CPU 1 Temp: Warning: 91 °C, above the non-critical threshold of 90 °C"),
            Case(
                reading: 98, states: 0x18,
                off: "CPU 1 Temp: Critical: 98 °C, above the critical threshold of 95 °C",
                on: "CPU 1 Temp: Critical: 98 °C, above the critical threshold of 95 °C"),
            Case(
                reading: 101, states: 0x38,
                off: "CPU 1 Temp: Critical: 101 °C, above the non-recoverable threshold of 100 °C",
                on: "CPU 1 Temp: Critical: 101 °C, above the non-recoverable threshold of 100 °C"),
            Case(
                record: SampleRecords.fan(1, 1, "Fan 3"), reading: 0, states: 0x07,
                on: "Fan 3: Critical: 0 rpm, below the non-recoverable threshold of 200 rpm"),
            Case(
                record: SampleRecords.analogue(
                    1, 1, "12V", type: 0x02, unit: 4,
                    factors: SensorFactors(multiplier: 63, resultExponent: -3)),
                reading: 4, states: 0x03,
                on: "12V: Critical: 0.252 V, below the critical threshold of 0.315 V"),
            Case(record: SampleRecords.states(1, 1, "PS2 Status", type: 0x08), states: 0x01),
            Case(
                record: SampleRecords.states(1, 1, "PS2 Status", type: 0x08), states: 0x03,
                off: "PS2 Status: Critical: power supply failure detected",
                on: "PS2 Status: Critical: power supply failure detected"),
            Case(
                record: SampleRecords.states(1, 1, "PS2 Status", type: 0x08), states: 0x0D,
                off: "PS2 Status: Critical: failure predicted, input lost",
                on: "PS2 Status: Critical: failure predicted, input lost"),
            Case(
                record: SampleRecords.states(1, 1, "Drive 4", type: 0x0D), states: 0x03,
                off: "Drive 4: Critical: drive fault", on: "Drive 4: Critical: drive fault"),
            Case(
                record: SampleRecords.states(1, 1, "Fans", type: 0x04, eventType: 0x0B),
                states: 0x02, on: "Fans: Warning: redundancy lost"),
            Case(
                record: SampleRecords.states(1, 1, "OEM", type: 0xC1, eventType: 0x70),
                states: 0x7FFF),
        ])
    func reasons(_ given: Case) async throws {
        for isOn in [true, false] {
            let health = HardwareHealth(time: StillTime(date: .now), tables: SensorTables())
            let bmc = oneSensor(given.record, given.reading, given.states)
            for _ in 0..<2 {
                _ = try await health.look(over: bmc, isOn: isOn, claimedAt: nil)
            }
            let found = try await health.look(over: bmc, isOn: isOn, claimedAt: nil)
            #expect(found.map(\.text) == [isOn ? given.on : given.off].compactMap(\.self))
        }
    }

    @Test("is nothing where a sensor has no reading")
    func silent() async throws {
        for reading in [
            GetSensorReading.Response(reading: 0, isUnavailable: true, states: 0x3F),
            GetSensorReading.Response(reading: 0, isScanned: false, states: 0x3F),
            GetSensorReading.Response(reading: 0),
        ] {
            let bmc = oneSensor(SampleRecords.temperature(1, 1, "T1"), 0, 0) {
                $0.readings[1] = reading
            }
            #expect(try await look(bmc) == [])
        }
        let gone = oneSensor(SampleRecords.temperature(1, 1, "T1"), 0, 0) { $0.readings = [:] }
        #expect(try await look(gone) == [])
    }

    @Test("converts readings whose factors differ from reading to reading")
    func nonLinear() async throws {
        let record = SampleRecords.analogue(
            1, 1, "Flow", type: 0x0B, unit: 17, factors: SensorFactors(multiplier: 1),
            linearisation: Linearisation(rawValue: 0x70))
        let bmc = oneSensor(record, 99, 0x18) {
            $0.factors[1] = SensorFactors(multiplier: 2, resultExponent: 1)
        }
        #expect(
            try await look(bmc)
                == ["Flow: Critical: 1980 cfm, above the critical threshold of 1900 cfm"])
        let dumb = oneSensor(record, 99, 0x18)
        dumb.change { $0.thresholds = [:] }
        let other = HardwareHealth(time: StillTime(date: .now), tables: SensorTables())
        for _ in 0..<2 { _ = try await other.look(over: dumb, isOn: true, claimedAt: nil) }
        let found = try await other.look(over: dumb, isOn: true, claimedAt: nil)
        #expect(found.map(\.text) == ["Flow: Critical: above the critical threshold"])
    }

    @Test("reads many sensors by slices, and again each time those that are not well")
    func slices() async throws {
        let bmc = FakeBMC { contents in
            contents.maximumBytes = 20
            for number in 1...150 {
                contents.records.append(
                    SampleRecords.temperature(UInt16(number), UInt8(number), "T\(number)"))
                contents.readings[UInt8(number)] = GetSensorReading.Response(reading: 40, states: 0)
                contents.thresholds[UInt8(number)] = SampleRecords.thresholds
            }
        }
        #expect(try await look(bmc) == [])
        bmc.change { $0.readings[77] = GetSensorReading.Response(reading: 99, states: 0x18) }
        var looks = 0
        while try await health.look(over: bmc, isOn: true, claimedAt: nil).isEmpty, looks < 20 {
            looks += 1
        }
        #expect(looks <= 5, "150 sensors are five slices")
        let before = bmc.requests.count
        let again = try await health.look(over: bmc, isOn: true, claimedAt: nil)
        #expect(again.map(\.part) == ["T77"])
        let fresh = bmc.requests[before...]
        #expect(fresh.contains { $0.is(GetSensorReading.self) && $0.data == [77] })
        #expect(fresh.count { $0.is(GetSensorReading.self) } == HardwareHealth.sensorsPerLook)
        bmc.change { $0.readings[77] = GetSensorReading.Response(reading: 40, states: 0) }
        #expect(try await health.look(over: bmc, isOn: true, claimedAt: nil).isEmpty)
    }

    @Test("notices that the records have changed")
    func changed() async throws {
        let bmc = oneSensor(SampleRecords.temperature(1, 1, "Old"), 40, 0)
        #expect(try await look(bmc) == [])
        bmc.change {
            $0.records = [SampleRecords.temperature(1, 2, "New")]
            $0.repositoryStamp += 1
            $0.readings = [2: GetSensorReading.Response(reading: 99, states: 0x18)]
        }
        var found: [HealthReport.Finding] = []
        for _ in 0..<5 { found = try await health.look(over: bmc, isOn: true, claimedAt: nil) }
        #expect(found.map(\.part) == ["New"])
    }

    @Test("shares what machines of a model have in common")
    func shared() {
        let tables = SensorTables()
        let records = [SampleRecords.temperature(1, 1, "T1")]
        let one = tables.shared(SensorTable(records, complaints: []))
        let two = tables.shared(SensorTable(records, complaints: []))
        let address = { (table: SensorTable) in
            table.sensors.withUnsafeBufferPointer { $0.baseAddress }
        }
        #expect(address(one) == address(two))
    }

    @Test("leaves out sensors of controllers that are behind the BMC")
    func foreign() {
        let table = SensorTable(
            [
                SampleRecords.states(1, 1, "ME", type: 0x28, owner: SensorOwner(id: 0x2C)),
                SampleRecords.states(2, 2, "BIOS", type: 0x0F, owner: SensorOwner(id: 0x01)),
                SampleRecords.states(3, 3, "PSU", type: 0x08, owner: SensorOwner(id: 0x20, lun: 1)),
                SampleRecords.memory(4, 4, "DIMM A1"),
            ], complaints: [])
        #expect(table.sensors.map(\.name) == ["PSU"])
        #expect(table.others.map(\.name) == ["ME", "BIOS", "DIMM A1"])
    }
}
