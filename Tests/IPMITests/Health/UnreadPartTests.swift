import Core
import Foundation
import IPMIWire
import Testing

@testable import IPMI

/// What a deep look could not read, and may hide something critical.
@Suite struct UnreadPartTests {
    private static let now = Date(timeIntervalSince1970: 1_700_000_000)
    private static let well = GetSensorReading.Response(reading: 40, states: 0)

    private func examine(
        isOn: Bool = true, _ change: (inout FakeBMC.Contents) -> Void
    ) async throws -> HealthReport {
        let bmc = FakeBMC { contents in
            contents.records = (1...6).map {
                SampleRecords.temperature(UInt16($0), UInt8($0), "CPU \($0)")
            }
            contents.readings = Dictionary(
                uniqueKeysWithValues: (1...6).map { (UInt8($0), Self.well) })
            contents.time = IPMITimestamp(rawValue: 1_700_000_000)
            change(&contents)
        }
        let health = HardwareHealth(time: StillTime(date: Self.now), tables: SensorTables())
        return try await health.examine(
            over: bmc, power: isOn ? .on : .off, lookingBack: .seconds(3600))
    }

    /// What may hide faults, and why.
    private func unread(
        isOn: Bool = true, _ change: (inout FakeBMC.Contents) -> Void
    ) async throws -> [String] {
        let report = try await examine(isOn: isOn, change)
        #expect((report.health == .ok) == report.unread.isEmpty)
        return report.unread.map { "\($0.what): \($0.why)" }
    }

    private static func isRecord(_ request: FakeBMC.Request, _ id: UInt16) -> Bool {
        request.read(GetSDR.self)?.part.recordID == id
    }

    @Test("a machine all of which is read hides nothing")
    func whole() async throws {
        #expect(try await unread { _ in } == [])
    }

    @Test("sensors that are not read hide what they would show, unless it is no harm")
    func sensors() async throws {
        for (reply, why) in [
            (FakeBMC.Reply.ignored, "the BMC says nothing to it"),
            (.refusal(.unspecified), "unspecified error (0xFF)"),
            (.refusal(.nodeBusy), "node busy (0xC0)"), (.data([]), "the answer makes no sense"),
        ] {
            #expect(
                try await unread {
                    $0.override = {
                        $1.read(GetSensorReading.self)?.sensor == 3 ? reply : nil
                    }
                } == ["CPU 3: \(why)"])
        }
        // It is not there, or has no power, or shows nothing worse than a full log.
        #expect(try await unread { $0.readings[3] = nil } == [])
        let resting: @Sendable (Int, FakeBMC.Request) -> FakeBMC.Reply? = { _, request in
            request.is(GetSensorReading.self) ? .refusal(.notInThisState) : nil
        }
        #expect(try await unread(isOn: false) { $0.override = resting } == [])
        #expect(try await unread(isOn: true) { $0.override = resting }.count == 6)
        for record in [
            SampleRecords.states(9, 9, "SEL", type: 0x10),
            SampleRecords.states(9, 9, "Boot", type: 0x1D),
        ] {
            #expect(
                try await unread { contents in
                    contents.records.append(record)
                    contents.override = {
                        $1.read(GetSensorReading.self)?.sensor == 9 ? .ignored : nil
                    }
                } == [])
        }
    }

    @Test("records that are not read hide the sensors that they describe")
    func records() async throws {
        #expect(
            try await unread { $0.nextRecords = [2: RecordPart.end] }
                == ["sensor records: the BMC counts 6 sensor records, and told of 2"])
        #expect(
            try await unread {
                $0.override = { Self.isRecord($1, 3) ? .refusal(.notPresent) : nil }
            }
                == ["sensor records: sensor record 3 disappeared, after 3 new starts"])
        #expect(
            try await unread { $0.nextRecords = [6: 2] }
                == [
                    "sensor records: sensor record 6 names 2 as its next, which was there before"
                ])
        // The true reason, which is not that it was busy.
        #expect(
            try await unread {
                $0.override = { Self.isRecord($1, 3) ? .refusal(.reservationCancelled) : nil }
            } == ["further sensor records: the BMC cancelled 17 reservations"])
        #expect(
            try await unread { $0.override = { Self.isRecord($1, 3) ? .ignored : nil } }
                == ["sensor records: sensor record 3 was left out: the BMC says nothing to it"])
    }

    @Test("a repository of which the BMC does not say how much it holds is read all the same")
    func untoldCount() async throws {
        for reply in [
            FakeBMC.Reply.ignored, .refusal(.unspecified), .refusal(.invalidCommand), .data([1]),
            .value(
                GetSDRRepositoryInfo.Response(
                    recordCount: 0, lastAddition: IPMITimestamp(rawValue: 1),
                    lastErase: IPMITimestamp(rawValue: 0))),
        ] {
            let report = try await examine { contents in
                contents.readings[5] = GetSensorReading.Response(reading: 98, states: 0x18)
                contents.thresholds[5] = SampleRecords.thresholds
                contents.override = { $1.is(GetSDRRepositoryInfo.self) ? reply : nil }
            }
            #expect(report.health == .critical && report.unread.isEmpty, "\(reply)")
            #expect(report.examined.first == HealthReport.Count("sensors", 6))
        }
    }

    @Test("no records at all hide nothing only where the BMC says that it has none")
    func noRecords() async throws {
        func none(_ repository: FakeBMC.Reply, _ device: FakeBMC.Reply) async throws
            -> (unread: [String], skipped: [String])
        {
            let report = try await examine { contents in
                contents.override = { _, request in
                    switch request.function {
                    case .storage where (0x20..<0x40).contains(request.code): repository
                    case .sensor where request.code < 0x23: device
                    default: nil
                    }
                }
            }
            return (report.unread.map(\.why), report.skipped.map(\.why))
        }
        let known = try await none(.refusal(.invalidCommand), .refusal(.invalidForLUN))
        #expect(known.unread.isEmpty)
        #expect(
            known.skipped == [
                "no sensor records: command not known for this LUN (0xC2); command not known (0xC1)"
            ])
        let silent = try await none(.ignored, .refusal(.invalidCommand))
        #expect(
            silent.unread == [
                "no sensor records: the BMC says nothing to it; command not known (0xC1)"
            ])
        #expect(try await none(.refusal(.unspecified), .ignored).unread.count == 1)
    }

    // MARK: The log

    private static func memoryError(_ id: UInt16, _ time: UInt32, offset: UInt8 = 1) -> SELRecord {
        SELRecord(
            id: id,
            body: .event(
                SystemEvent(
                    time: IPMITimestamp(rawValue: time), sensorType: 0x0C, sensor: 9,
                    eventType: 0x6F, data1: offset)))
    }

    @Test("entries of the log that are not read hide what they tell")
    func entries() async throws {
        let log = (1...3).map { Self.memoryError($0, 1_699_999_000, offset: 6) }
        for (reply, why) in [
            (
                FakeBMC.Reply.refusal(.notPresent),
                "requested sensor, data or record not present (0xCB)"
            ),
            (.ignored, "the BMC says nothing to it"), (.data([1]), "the answer makes no sense"),
        ] {
            #expect(
                try await unread {
                    $0.log = log
                    $0.override = { $1.is(GetSELEntry.self) ? reply : nil }
                } == ["the event log: entry 0: \(why)"])
        }
        #expect(
            try await unread {
                $0.log = log
                $0.override = { _, request in
                    guard let id = request.read(GetSELEntry.self)?.part.recordID else { return nil }
                    let first = GetSELEntry.Response(
                        nextRecordID: GetSELEntry.last, data: log[0].wireBytes)
                    return [0, 1, GetSELEntry.last].contains(id)
                        ? .value(first) : .refusal(.notPresent)
                }
            } == ["the event log: the BMC counts 3 entries, and told of 1"])
        for reply in [FakeBMC.Reply.ignored, .refusal(.unspecified)] {
            #expect(
                try await unread { $0.override = { $1.is(GetSELInfo.self) ? reply : nil } }.count
                    == 1)
        }
        #expect(
            try await unread {
                $0.override = { $1.is(GetSELInfo.self) ? .refusal(.invalidCommand) : nil }
            } == [])
    }

    @Test("critical entries of which nobody knows when they were made are told, and count")
    func undated() async throws {
        for time in [UInt32(50), 0xFFFF_FFFF, 1_700_009_000] {
            #expect(
                try await unread { $0.log = [Self.memoryError(1, time)] } == [
                    "the event log: critical entries without a date, of which nobody knows whether"
                        + " they are recent, 1: Memory (sensor 9): Critical: uncorrectable memory"
                        + " error"
                ])
        }
        let mild = try await examine { $0.log = [Self.memoryError(1, 50, offset: 0)] }
        #expect(mild.unread.isEmpty && mild.skipped.map(\.why) == ["1 entries without a date"])
    }

    // MARK: Inventories

    @Test("an inventory that is not told is not read; one that is blank or absent there is not")
    func inventory() async throws {
        let blank = [UInt8](repeating: 0xFF, count: 64)
        let cases: [(FakeBMC.Reply?, String?)] = [
            (.ignored, "the BMC says nothing to it"),
            (.refusal(.unspecified), "unspecified error (0xFF)"), (.refusal(.notPresent), nil),
            (.refusal(.invalidCommand), nil), (nil, nil),
        ]
        for (reply, complaint) in cases {
            let bmc = FakeBMC { contents in
                contents.inventories = [0: blank]
                contents.override = { $1.is(GetFRUInventoryAreaInfo.self) ? reply : nil }
            }
            var reader = FRUReader()
            var budget = RequestBudget(bmc, limit: 100)
            #expect(try await reader.inventory(of: 0, &budget) == nil)
            #expect(reader.complaint == complaint)
        }
        let mute = FakeBMC { contents in
            contents.inventories = [0: blank]
            contents.override = { $1.is(ReadFRUData.self) ? .ignored : nil }
        }
        var reader = FRUReader()
        var budget = RequestBudget(mute, limit: 100)
        #expect(try await reader.inventory(of: 0, &budget) == nil)
        #expect(reader.complaint == "the BMC says nothing to it")
        let report = try await examine {
            $0.override = { $1.is(GetFRUInventoryAreaInfo.self) ? .ignored : nil }
        }
        #expect(report.unread.isEmpty)
        #expect(report.skipped.map(\.what) == ["the inventory of the system"])
    }
}
