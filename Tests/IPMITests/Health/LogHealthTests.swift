import Core
import Foundation
import IPMIWire
import Testing

@testable import IPMI

@Suite("Health by the event log") struct LogHealthTests {
    private static let now = Date(timeIntervalSince1970: 1_700_000_000)
    private let health = HardwareHealth(time: StillTime(date: now), tables: SensorTables())

    /// Seconds before now, by a BMC whose clock is right.
    private static func ago(_ seconds: Int) -> IPMITimestamp {
        IPMITimestamp(rawValue: UInt32(1_700_000_000 - seconds))
    }

    private static func uncorrectable(_ time: IPMITimestamp, deasserted: Bool = false)
        -> SystemEvent
    {
        SystemEvent(
            time: time, sensorType: 0x0C, sensor: 4, isDeassertion: deasserted, eventType: 0x6F,
            data1: 0x01)
    }

    private static func supplyFailed(
        _ time: IPMITimestamp, deasserted: Bool = false
    ) -> SystemEvent {
        SystemEvent(
            time: time, sensorType: 0x08, sensor: 3, isDeassertion: deasserted, eventType: 0x6F,
            data1: 0x01)
    }

    private func bmc(
        _ events: [SystemEvent], _ change: (inout FakeBMC.Contents) -> Void = { _ in }
    ) -> FakeBMC {
        FakeBMC {
            $0.records = [
                SampleRecords.temperature(1, 1, "CPU 1 Temp"),
                SampleRecords.states(2, 3, "PSU 2", type: 0x08),
                SampleRecords.memory(3, 4, "DIMM A1"),
            ]
            $0.readings[1] = GetSensorReading.Response(reading: 40, states: 0)
            $0.readings[3] = GetSensorReading.Response(reading: 0, isUnavailable: true)
            $0.time = Self.ago(0)
            $0.log = events.enumerated().map {
                SELRecord(id: UInt16($0.offset + 1), body: .event($0.element))
            }
            change(&$0)
        }
    }

    private func append(_ event: SystemEvent, to bmc: FakeBMC) {
        bmc.change {
            let id = ($0.log.last?.id ?? 0) + 1
            $0.log.append(SELRecord(id: id, body: .event(event)))
            $0.logStamp += 1
        }
    }

    private func look(_ bmc: FakeBMC, claimed seconds: Int? = 3600) async throws -> [String] {
        var found: [HealthReport.Finding] = []
        for _ in 0..<4 {
            found = try await health.look(
                over: bmc, isOn: true,
                claimedAt: seconds.map { Self.now.addingTimeInterval(-Double($0)) })
        }
        #expect(found.allSatisfy { $0.isEvent && $0.health == .critical })
        return found.map(\.text)
    }

    private static let dimm =
        "DIMM A1: Critical: uncorrectable memory error, 2023-11-14T22:03:20Z"

    @Test("is told by critical events since the claim")
    func sinceClaim() async throws {
        let bmc = bmc([Self.uncorrectable(Self.ago(600))])
        #expect(try await look(bmc) == [Self.dimm])
        #expect(try await look(bmc, claimed: 60) == [])
        #expect(try await look(bmc, claimed: nil) == [])
        #expect(try await look(bmc, claimed: 3600) == [Self.dimm])
    }

    @Test("asks for nothing but the log's state while it stays the same")
    func unchanged() async throws {
        let bmc = bmc([Self.uncorrectable(Self.ago(600))])
        _ = try await look(bmc)
        let before = bmc.requests.count
        _ = try await look(bmc)
        #expect(bmc.requests[before...].count { $0.is(GetSELInfo.self) } == 4)
        #expect(!bmc.requests[before...].contains { $0.is(GetSELEntry.self) })
    }

    @Test("is well again when the event ended, by the log or by the sensor")
    func ended() async throws {
        let bmc = bmc([Self.supplyFailed(Self.ago(600))])
        let failed = ["PSU 2: Critical: power supply failure detected, 2023-11-14T22:03:20Z"]
        #expect(try await look(bmc) == failed)
        append(Self.supplyFailed(Self.ago(300), deasserted: true), to: bmc)
        #expect(try await look(bmc) == [])
        append(Self.supplyFailed(Self.ago(200)), to: bmc)
        #expect(try await look(bmc).count == 1)
        bmc.change { $0.readings[3] = GetSensorReading.Response(reading: 0, states: 1) }
        #expect(try await look(bmc) == [])
    }

    @Test("of a threshold ends with the event of its way back")
    func wayBack() {
        let high = SystemEvent(
            time: Self.ago(9), sensorType: 1, sensor: 1, eventType: 1, data1: 0x09)
        var back = high
        back.data1 = 0x08
        #expect(EventKey(high).isEnded(by: back))
        back.data1 = 0x07
        #expect(!EventKey(high).isEnded(by: back))
        back.data1 = 0x09
        #expect(!EventKey(high).isEnded(by: back))
        back.isDeassertion = true
        #expect(EventKey(high).isEnded(by: back))
        back.sensor = 2
        #expect(!EventKey(high).isEnded(by: back))
    }

    @Test("of a part among several ends with the same part's event, not with another's")
    func parts() {
        func error(
            _ data1: UInt8, _ data2: UInt8, _ data3: UInt8, type: UInt8 = 0x0C, ended: Bool = false
        ) -> SystemEvent {
            SystemEvent(
                time: Self.ago(9), sensorType: type, sensor: 4, isDeassertion: ended,
                eventType: 0x6F, data1: data1, data2: data2, data3: data3)
        }
        let one = EventKey(error(0xA1, 0xFF, 1))
        #expect(!one.isEnded(by: error(0xA1, 0xFF, 2, ended: true)))
        #expect(one.isEnded(by: error(0xA1, 0xFF, 1, ended: true)))
        // Who names no part means all of them.
        #expect(one.isEnded(by: error(0x01, 0xFF, 2, ended: true)))
        #expect(one.isEnded(by: error(0xA1, 0xFF, 0xFF, ended: true)))
        #expect(EventKey(error(0x01, 0, 1)).isEnded(by: error(0xA1, 0, 2, ended: true)))
        let bank = EventKey(error(0xB1, 3, 1))
        #expect(!bank.isEnded(by: error(0xB1, 4, 1, ended: true)))
        // Severity and former state name no part; nor does what a power supply tells.
        #expect(EventKey(error(0x61, 1, 0xFF)).isEnded(by: error(0x61, 2, 0xFF, ended: true)))
        #expect(
            EventKey(error(0xA1, 1, 1, type: 8))
                .isEnded(by: error(0xA1, 2, 2, type: 8, ended: true)))
    }

    @Test("of two parts of one sensor is kept for each")
    func twoParts() async throws {
        func error(_ module: UInt8, _ seconds: Int, ended: Bool = false) -> SystemEvent {
            SystemEvent(
                time: Self.ago(seconds), sensorType: 0x0C, sensor: 4, isDeassertion: ended,
                eventType: 0x6F, data1: 0x21, data3: module)
        }
        let bmc = bmc([error(1, 600), error(2, 500)])
        #expect(try await look(bmc).count == 2)
        append(error(2, 400, ended: true), to: bmc)
        #expect(try await look(bmc) == [Self.dimm])
        append(error(1, 300, ended: true), to: bmc)
        #expect(try await look(bmc) == [])
    }

    @Test("counts what is added later, and forgets a log that was cleared")
    func addedAndCleared() async throws {
        let bmc = bmc([])
        #expect(try await look(bmc) == [])
        append(Self.uncorrectable(Self.ago(600)), to: bmc)
        #expect(try await look(bmc) == [Self.dimm])
        append(Self.uncorrectable(Self.ago(10)), to: bmc)
        #expect(
            try await look(bmc)
                == ["DIMM A1: Critical: uncorrectable memory error (2 times), 2023-11-14T22:13:10Z"]
        )
        bmc.change {
            $0.log = [SELRecord(id: 2, body: .other(type: 0xE0, data: Array(1...13)))]
            $0.logStamp += 1
        }
        #expect(try await look(bmc) == [])
        append(Self.uncorrectable(Self.ago(600)), to: bmc)
        bmc.change { $0.log = [] }
        #expect(try await look(bmc) == [])
    }

    @Test("goes by the age of events where the BMC's clock is wrong", arguments: [-400, 400])
    func wrongClock(days: Int) async throws {
        let shift = days * 24 * 3600
        let recent = bmc([Self.uncorrectable(Self.ago(600 - shift))]) {
            $0.time = Self.ago(-shift)
        }
        #expect(try await look(recent) == [Self.dimm])
        let other = HardwareHealth(time: StillTime(date: Self.now), tables: SensorTables())
        let old = bmc([Self.uncorrectable(Self.ago(6000 - shift))]) { $0.time = Self.ago(-shift) }
        for _ in 0..<3 {
            let found = try await other.look(
                over: old, isOn: true, claimedAt: Self.now.addingTimeInterval(-3600))
            #expect(found.isEmpty)
        }
    }

    @Test("goes by the order of events where the clock was not set yet")
    func unsetClock() async throws {
        let started = IPMITimestamp(rawValue: 30)
        let after = bmc([
            Self.supplyFailed(Self.ago(700), deasserted: true), Self.uncorrectable(started),
        ])
        #expect(
            try await look(after)
                == ["DIMM A1: Critical: uncorrectable memory error, 2023-11-14T22:01:40Z"])
        let other = HardwareHealth(time: StillTime(date: Self.now), tables: SensorTables())
        let unknown = bmc([Self.uncorrectable(started), Self.uncorrectable(.unspecified)])
        for _ in 0..<3 {
            let found = try await other.look(
                over: unknown, isOn: true, claimedAt: Self.now.addingTimeInterval(-3600))
            #expect(found.isEmpty)
        }
    }

    @Test("counts what was added since the last look, though it has no date")
    func undatedAddition() async throws {
        let bmc = bmc([Self.supplyFailed(Self.ago(7200), deasserted: true)])
        #expect(try await look(bmc) == [])
        append(Self.uncorrectable(.unspecified), to: bmc)
        #expect(
            try await look(bmc)
                == ["DIMM A1: Critical: uncorrectable memory error, 2023-11-14T22:13:20Z"])
    }

    @Test("dates events of a BMC whose clock was never set by their age")
    func startedClock() {
        let dates = EventDates(bmc: IPMITimestamp(rawValue: 1000), now: Self.now)
        #expect(
            dates.date(IPMITimestamp(rawValue: 400)) == Self.now.addingTimeInterval(-600))
        #expect(dates.date(Self.ago(0)) == nil && dates.date(.unspecified) == nil)
        #expect(dates.complaint == "the BMC's clock was not set since it started")
        #expect(EventDates(bmc: Self.ago(60), now: Self.now).complaint == nil)
        #expect(
            EventDates(bmc: IPMITimestamp(rawValue: 1_600_000_000), now: Self.now).complaint
                == "the BMC's clock says 2020-09-13T12:26:40Z")
        #expect(EventDates(bmc: nil, now: Self.now).date(Self.ago(60)) != nil)
    }

    @Test("reads a long log back to the claim within the budgets of a few looks")
    func longLog() async throws {
        let bmc = bmc(
            (0..<2000).map { Self.supplyFailed(Self.ago(4_000_000 - $0 * 10), deasserted: true) }
                + [Self.uncorrectable(Self.ago(600))])
        let before = bmc.requests.count
        #expect(try await look(bmc) == [Self.dimm])
        #expect(bmc.requests.count - before < 40)
    }

    @Test("survives a look that failed")
    func failed() async throws {
        let bmc = bmc([Self.uncorrectable(Self.ago(600))])
        #expect(try await look(bmc) == [Self.dimm])
        bmc.change { $0.override = { _, _ in .silence } }
        await #expect(throws: IPMIFailure.self) { try await look(bmc) }
        bmc.change { $0.override = nil }
        #expect(try await look(bmc) == [Self.dimm])
    }
}
