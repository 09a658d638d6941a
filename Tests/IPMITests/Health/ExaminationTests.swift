import Core
import Foundation
import IPMIWire
import Randomness
import Testing

@testable import IPMI

@Suite("A deep look over IPMI") struct ExaminationTests {
    private static let now = Date(timeIntervalSince1970: 1_700_000_000)
    private let health = HardwareHealth(time: StillTime(date: now), tables: SensorTables())

    private static func entry(
        _ id: UInt16, sensor: UInt8, type: UInt8, offset: UInt8, ago seconds: UInt32
    ) -> SELRecord {
        let event = SystemEvent(
            time: IPMITimestamp(rawValue: 1_700_000_000 - seconds), sensorType: type,
            sensor: sensor, eventType: 0x6F, data1: offset)
        return SELRecord(id: id, body: .event(event))
    }

    private func bmc(_ change: (inout FakeBMC.Contents) -> Void = { _ in }) -> FakeBMC {
        FakeBMC { contents in
            contents.records = [
                SampleRecords.temperature(1, 1, "CPU 1 Temp"),
                SampleRecords.temperature(2, 2, "CPU 2 Temp"),
                SampleRecords.states(3, 3, "PSU 2", type: 0x08),
                SampleRecords.memory(4, 4, "DIMM A1"),
                SampleRecords.states(5, 5, "ME", type: 0x28, owner: SensorOwner(id: 0x2C)),
                SensorDataRecord(
                    id: 6,
                    body: .fruLocator(
                        FRULocatorRecord(
                            device: 2, entity: EntityReference(id: 10, instance: 2),
                            name: PackedText("PSU 2 FRU")))),
            ]
            contents.readings = [
                1: GetSensorReading.Response(reading: 98, states: 0x18),
                2: GetSensorReading.Response(reading: 0, isUnavailable: true),
                3: GetSensorReading.Response(reading: 0, states: 1),
            ]
            contents.thresholds[1] = SampleRecords.thresholds
            contents.time = IPMITimestamp(rawValue: 1_700_000_000)
            contents.inventories = [
                0: FRURecordTests.inventory.bytes,
                2: FRURecordTests.inventory.bytes.dropLast() + [0x55],
            ]
            contents.log = [
                Self.entry(1, sensor: 5, type: 0x0C, offset: 0x01, ago: 200_000),
                Self.entry(2, sensor: 4, type: 0x0C, offset: 0x00, ago: 7200),
                Self.entry(3, sensor: 4, type: 0x0C, offset: 0x01, ago: 3600),
                Self.entry(4, sensor: 3, type: 0x08, offset: 0x02, ago: 1800),
            ]
            change(&contents)
        }
    }

    @Test("tells of sensors, the recent log and parts, and of what it skipped")
    func report() async throws {
        let bmc = bmc()
        let report = try await health.examine(
            over: bmc, power: .on, lookingBack: .seconds(24 * 3600))
        #expect(
            report.reasons == [
                "CPU 1 Temp: Critical: 98 °C, above the critical threshold of 95 °C",
                "DIMM A1: Critical: uncorrectable memory error, 2023-11-14T21:13:20Z",
                "PSU 2: Warning: failure predicted, 2023-11-14T21:43:20Z",
                "DIMM A1: Warning: correctable memory error, 2023-11-14T20:13:20Z",
            ])
        #expect(
            report.examined == [
                HealthReport.Count("sensors", 3), HealthReport.Count("log entries", 4),
                HealthReport.Count("parts", 2),
            ])
        #expect(
            report.skipped.map(\.what) == ["1 sensor", "1 sensor", "the inventory of PSU 2 FRU"])
        #expect(report.requests == bmc.requests.count && report.power == .on)
    }

    @Test("leaves to routine looks what it has learnt of the sensors")
    func learnt() async throws {
        let bmc = bmc()
        _ = try await health.examine(over: bmc, power: .on, lookingBack: .seconds(60))
        let before = bmc.requests.count
        let found = try await health.look(over: bmc, isOn: true, claimedAt: nil)
        #expect(found.map(\.part) == ["CPU 1 Temp"])
        #expect(!bmc.requests[before...].contains { $0.is(GetSDR.self) })
        _ = try await health.examine(over: bmc, power: .on, lookingBack: .seconds(60))
        #expect(!bmc.requests[before...].contains { $0.is(GetSDR.self) })
    }

    @Test("says of a full log and of a wrong clock")
    func fullLog() async throws {
        let bmc = bmc {
            $0.hasOverflowed = true
            $0.time = IPMITimestamp(rawValue: 1_600_000_000)
        }
        let report = try await health.examine(over: bmc, power: .off, lookingBack: .seconds(60))
        #expect(report.reasons.contains("Event log: Warning: full: newer events are lost"))
        #expect(report.skipped.contains { $0.what == "the age of log entries" })
    }

    @Test("of a BMC that knows no such commands says so")
    func nothing() async throws {
        let bmc = FakeBMC { $0.override = { _, _ in .refusal(.invalidCommand) } }
        let report = try await health.examine(over: bmc, power: .on, lookingBack: .seconds(60))
        #expect(report.findings.isEmpty && report.health == .ok)
        #expect(report.skipped.map(\.what) == ["sensor records", "the event log"])
    }

    @Test("ends after so many requests, whatever the BMC answers")
    func bounded() async throws {
        for seed in 0..<20 {
            let bmc = FakeBMC {
                $0.override = { count, _ in
                    var generator = SeededNumbers(seed: UInt64(seed * 100_000 + count))
                    let length = Int.random(in: 0...30, using: &generator)
                    return .data(
                        (0..<length).map { _ in UInt8.random(in: 0...9, using: &generator) })
                }
            }
            let report = try await health.examine(
                over: bmc, power: .on, lookingBack: .seconds(60))
            #expect(report.requests <= HardwareExaminer.maximumRequests)
            for _ in 0..<5 {
                _ = try await health.look(over: bmc, isOn: true, claimedAt: Self.now)
            }
        }
    }
}
