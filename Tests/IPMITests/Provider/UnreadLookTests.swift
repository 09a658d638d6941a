import Core
import Foundation
import Locking
import Testing

@testable import IPMI
@testable import IPMIWire

/// Routine looks in which what was critical can't be read: they say neither that it still is, nor that
/// it is well again.
@Suite struct UnreadLookTests {
    private static let hot = GetSensorReading.Response(reading: 96, states: 0x18)
    private static let well = GetSensorReading.Response(reading: 40, states: 0)

    /// A machine that runs, with a hot sensor among four, looked at until that is known.
    private func rig() async throws -> ProviderRig {
        let rig = ProviderRig { $0.isOn = true }
        rig.bmc.hardware.change { contents in
            contents.records = (1...4).map {
                SampleRecords.temperature(UInt16($0), UInt8($0), "CPU \($0)")
            }
            contents.thresholds = [2: SampleRecords.thresholds]
            contents.readings = [1: Self.well, 2: Self.hot, 3: Self.well, 4: Self.well]
            contents.time = IPMITimestamp(rawValue: UInt32(rig.time.date.timeIntervalSince1970))
        }
        let last = try await looks(10, rig).last
        #expect(last?.health == .critical && last?.isComplete == true)
        return rig
    }

    private func looks(
        _ count: Int, _ rig: ProviderRig, claimedAt: Date? = nil
    ) async throws -> [Observation] {
        var looks: [Observation] = []
        for _ in 0..<count {
            rig.time.advance(by: .seconds(30))
            looks.append(try await rig.provider.observe(rig.device, claimedAt: claimedAt))
        }
        return looks
    }

    private static func isReading(_ request: FakeBMC.Request, of sensor: UInt8) -> Bool {
        request.read(GetSensorReading.self)?.sensor == sensor
    }

    /// However a BMC does not tell a reading.
    private static let dumb: [FakeBMC.Reply] =
        [.ignored, .data([]), .data([96])]
        + [.unspecified, .notPresent, .nodeBusy, .timeout, .noResponse, .illegal, .invalidCommand]
        .map { .refusal($0) }
        + [
            GetSensorReading.Response(reading: 96, isUnavailable: true, states: 0x18),
            GetSensorReading.Response(reading: 0, isScanned: false, states: 0),
            GetSensorReading.Response(reading: 40),
        ].map { .value($0) }

    @Test("a sensor that was critical and can't be read is in doubt, for as long as it can't")
    func unread() async throws {
        for reply in Self.dumb {
            let rig = try await rig()
            rig.bmc.hardware.change {
                $0.override = { Self.isReading($1, of: 2) ? reply : nil }
            }
            let doubtful = try await looks(HealthMemory.patience + 5, rig)
            #expect(doubtful.allSatisfy { $0.health == .warning && !$0.isComplete }, "\(reply)")
            let reason = try #require(doubtful.last?.reasons.first)
            #expect(
                reason.hasPrefix(
                    "CPU 2: Warning: 96 °C, above the critical threshold of 95 °C when it was read last,"
                        + " and can't be read now: "))
            rig.bmc.hardware.change { $0.override = nil }
            #expect(try await looks(1, rig).last?.health == .critical)
            rig.bmc.hardware.change { $0.readings[2] = Self.well }
            let last = try await looks(1, rig).last
            #expect(last?.health == .ok && last?.isComplete == true)
        }
    }

    @Test("so it is where no sensor, or nothing but the chassis, can be read")
    func mute() async throws {
        for reply in [FakeBMC.Reply.ignored, .refusal(.unspecified), .silence] {
            for isAll in [true, false] {
                let rig = try await rig()
                rig.bmc.hardware.change {
                    $0.override = { isAll || $1.is(GetSensorReading.self) ? reply : nil }
                }
                let doubtful = try await looks(HealthMemory.patience + 5, rig)
                #expect(doubtful.allSatisfy { $0.health == .warning && !$0.isComplete })
                #expect(doubtful.allSatisfy { $0.power == .on && $0.reasons.count == 1 })
            }
        }
    }

    @Test("nor does a deep look that can't read it, or other records, make it well")
    func deepLook() async throws {
        let rig = try await rig()
        rig.bmc.hardware.change {
            $0.override = { Self.isReading($1, of: 2) ? .refusal(.notPresent) : nil }
        }
        let report = try await rig.provider.examine(rig.device, lookingBack: .seconds(60))
        #expect(report.unread.map(\.what) == ["CPU 2"] && report.health == .warning)
        #expect(try await looks(3, rig).allSatisfy { !$0.isComplete })
        rig.bmc.hardware.change { contents in
            contents.records.append(SampleRecords.temperature(5, 5, "CPU 5"))
            contents.readings[5] = Self.well
            contents.repositoryStamp += 1
        }
        #expect(try await looks(30, rig).allSatisfy { !$0.isComplete && $0.health == .warning })
        // A BMC that told of sensors does not lose them by saying that it knows none.
        rig.bmc.hardware.change { contents in
            contents.repositoryStamp += 1
            contents.override = { $1.is(GetSensorReading.self) ? nil : .refusal(.invalidCommand) }
            contents.readings[2] = nil
        }
        #expect(try await looks(60, rig).allSatisfy { !$0.isComplete && $0.health == .warning })
    }

    @Test("records in which it is not any more are believed where they are whole")
    func removed() async throws {
        for isWhole in [true, false] {
            let rig = try await rig()
            rig.bmc.hardware.change { contents in
                contents.records = [1, 3, 4, 5].map {
                    SampleRecords.temperature($0, UInt8($0), "CPU \($0)")
                }
                contents.readings = [1: Self.well, 3: Self.well, 4: Self.well, 5: Self.well]
                contents.nextRecords = isWhole ? [:] : [4: RecordPart.end]
                if !isWhole { contents.rawRecords[6] = [1] }
                contents.repositoryStamp += 1
            }
            let last = try await looks(HealthMemory.patience * 2, rig).last
            #expect(last?.isComplete == isWhole && (last?.health == .ok) == isWhole)
        }
    }

    @Test("what shows nothing because the machine is off is not held against it")
    func off() async throws {
        for reply in [
            FakeBMC.Reply.value(GetSensorReading.Response(reading: 0, isUnavailable: true)),
            .refusal(.notInThisState),
        ] {
            let rig = try await rig()
            rig.bmc.state.withLock { $0.isOn = false }
            rig.bmc.hardware.change { $0.override = { Self.isReading($1, of: 2) ? reply : nil } }
            let last = try await looks(2, rig).last
            #expect(last?.health == .ok)
        }
    }

    @Test("sensors of which none can be read are not known, until they are not for long")
    func neverRead() async throws {
        let rig = try await rig()
        rig.bmc.hardware.change { $0.readings[2] = Self.well }
        #expect(try await looks(2, rig).last?.isComplete == true)
        rig.bmc.hardware.change {
            $0.override = { $1.is(GetSensorReading.self) ? .refusal(.unspecified) : nil }
        }
        let blind = try await looks(HealthMemory.patience, rig)
        #expect(blind.dropLast().allSatisfy { $0.health == .ok && !$0.isComplete })
        #expect(blind.last?.isComplete == true)
        rig.bmc.hardware.change { $0.override = nil }
        #expect(try await looks(1, rig).last?.isComplete == true)
        rig.bmc.hardware.change { $0.override = { _, _ in .silence } }
        #expect(try await looks(5, rig).allSatisfy { !$0.isComplete })
    }

    // MARK: The log

    private static func supplyFailed(_ id: UInt16, at date: Date) -> SELRecord {
        SELRecord(
            id: id,
            body: .event(
                SystemEvent(
                    time: IPMITimestamp(rawValue: UInt32(date.timeIntervalSince1970)),
                    sensorType: 0x0C, sensor: 9, eventType: 0x6F, data1: 0x01)))
    }

    @Test("a critical event is not over because the log can't be read any more")
    func log() async throws {
        let replies: [FakeBMC.Reply] = [.ignored, .data([1]), .refusal(.notPresent)]
        for reply in replies {
            let rig = try await rig()
            let claim = rig.time.date
            rig.bmc.hardware.change { contents in
                contents.readings[2] = Self.well
                contents.log = [Self.supplyFailed(1, at: claim.addingTimeInterval(60))]
                contents.logStamp += 1
            }
            #expect(try await looks(3, rig, claimedAt: claim).last?.health == .critical)
            rig.bmc.hardware.change { contents in
                contents.log.append(SELRecord(id: 2, body: .other(type: 0xE0, data: Array(1...13))))
                contents.logStamp += 1
                contents.override = { $1.is(GetSELEntry.self) ? reply : nil }
            }
            #expect(
                try await looks(30, rig, claimedAt: claim).allSatisfy { $0.health == .critical })
            rig.bmc.hardware.change { contents in
                contents.override = nil
                contents.log = [SELRecord(id: 1, body: .other(type: 0xE0, data: Array(1...13)))]
                contents.logStamp += 1
            }
            #expect(try await looks(9, rig, claimedAt: claim).last?.health == .ok)
        }
    }

    @Test("a log of which nothing is told for now, or not all that follows, is not read to its end")
    func unreadLog() async throws {
        let rig = try await rig()
        let claim = rig.time.date
        rig.bmc.hardware.change { contents in
            contents.readings[2] = Self.well
            contents.log = [SELRecord(id: 1, body: .other(type: 0xE0, data: Array(1...13)))]
            contents.logStamp += 1
        }
        #expect(try await looks(3, rig, claimedAt: claim).last?.isComplete == true)
        rig.bmc.hardware.change {
            $0.override = { $1.is(GetSELInfo.self) ? .refusal(.unspecified) : nil }
        }
        #expect(try await looks(3, rig, claimedAt: claim).allSatisfy { !$0.isComplete })
        rig.bmc.hardware.change { contents in
            contents.log += [
                SELRecord(id: 2, body: .other(type: 0xE0, data: Array(1...13))),
                Self.supplyFailed(3, at: claim.addingTimeInterval(60)),
            ]
            contents.logStamp += 1
            contents.override = { _, request in
                request.read(GetSELEntry.self)?.part.recordID == 3 ? .refusal(.unspecified) : nil
            }
        }
        #expect(try await looks(2, rig, claimedAt: claim).allSatisfy { !$0.isComplete })
        rig.bmc.hardware.change { $0.override = nil }
        let last = try await looks(8, rig, claimedAt: claim).last
        #expect(last?.health == .critical && last?.isComplete == true)
    }
}
