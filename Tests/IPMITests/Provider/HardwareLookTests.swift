import Core
import Foundation
import Locking
import Testing

@testable import IPMI
@testable import IPMIWire

/// Routine looks at more than the chassis, and deep ones.
@Suite struct IPMIHardwareLookTests {
    /// An uncorrectable memory error (IPMI v2.0 table 42-3, sensor type 0x0C, offset 1).
    private static func memoryError(at date: Date) -> SELRecord {
        SELRecord(
            id: 1,
            body: .event(
                SystemEvent(
                    time: IPMITimestamp(rawValue: UInt32(date.timeIntervalSince1970)),
                    sensorType: 0x0C, sensor: 7, eventType: 0x6F, data1: 0x01)))
    }

    private static let claim = Date(timeIntervalSince1970: 1_799_999_000)

    @Test("the first look at a free device reads no sensors and no log; later ones see the rest")
    func firstLook() async throws {
        let rig = ProviderRig()
        _ = try await rig.provider.observe(rig.device)
        #expect(rig.bmc.hardware.count(GetSELInfo.self) == 0)
        #expect(rig.bmc.hardware.count(GetSDRRepositoryInfo.self) == 0)
        _ = try await rig.provider.observe(rig.device)
        #expect(rig.bmc.hardware.count(GetSELInfo.self) == 1)
        // A device that is well is not asked again at once.
        _ = try await rig.provider.observe(rig.device)
        #expect(rig.bmc.hardware.count(GetSELInfo.self) == 1)
        rig.time.advance(by: .seconds(2))
        _ = try await rig.provider.observe(rig.device)
        #expect(rig.bmc.hardware.count(GetSELInfo.self) == 2)
    }

    @Test("a critical event since the claim is critical, one before it is none of ours")
    func events() async throws {
        for (age, health) in [(500.0, Health.critical), (1500, .ok)] {
            let rig = ProviderRig()
            let event = Self.memoryError(at: rig.time.date.addingTimeInterval(-age))
            rig.bmc.hardware.change { contents in
                contents.log = [event]
                contents.time = IPMITimestamp(
                    rawValue: UInt32(rig.time.date.timeIntervalSince1970))
            }
            let observation = try await rig.provider.observe(rig.device, claimedAt: Self.claim)
            #expect(observation.health == health)
            #expect(observation.reasons.isEmpty == (health == .ok))
        }
    }

    @Test("a BMC whose clock is wrong dates its events by that clock, not by ours")
    func skewedClock() async throws {
        let rig = ProviderRig()
        // The BMC lives in 2001: the event was made 500 s ago.
        let present = Date(timeIntervalSince1970: 1_000_000_000)
        rig.bmc.hardware.change { contents in
            contents.log = [Self.memoryError(at: present.addingTimeInterval(-500))]
            contents.time = IPMITimestamp(rawValue: 1_000_000_000)
        }
        let observation = try await rig.provider.observe(rig.device, claimedAt: Self.claim)
        #expect(observation.health == .critical)
    }

    @Test("another claim does not inherit the events of the one before")
    func nextClaim() async throws {
        let rig = ProviderRig()
        let event = Self.memoryError(at: rig.time.date.addingTimeInterval(-500))
        rig.bmc.hardware.change { contents in
            contents.log = [event]
            contents.time = IPMITimestamp(rawValue: UInt32(rig.time.date.timeIntervalSince1970))
        }
        #expect(
            try await rig.provider.observe(rig.device, claimedAt: Self.claim).health == .critical)
        #expect(try await rig.provider.observe(rig.device).health == .ok)
        let next = rig.time.date
        #expect(try await rig.provider.observe(rig.device, claimedAt: next).health == .ok)
    }

    @Test("a sensor beyond its critical threshold is critical, until it is not")
    func sensor() async throws {
        let rig = ProviderRig { $0.isOn = true }
        rig.bmc.hardware.change { contents in
            contents.records = [SampleRecords.temperature(1, 1, "CPU 1 temperature")]
            contents.thresholds = [1: SampleRecords.thresholds]
            contents.readings = [1: GetSensorReading.Response(reading: 96, states: 0x18)]
        }
        for _ in 0..<8 {
            _ = try await rig.provider.observe(rig.device)
            rig.time.advance(by: .seconds(2))
        }
        let hot = try await rig.provider.observe(rig.device)
        #expect(hot.health == .critical)
        #expect(hot.reasons.first?.hasPrefix("CPU 1 temperature: Critical: 96 °C") == true)
        // A busy BMC does not say that the sensor is well.
        rig.bmc.hardware.change {
            $0.override = { $1.is(GetSensorReading.self) ? .refusal(.nodeBusy) : nil }
        }
        let busy = try await rig.provider.observe(rig.device)
        #expect(busy.health == .warning && !busy.isComplete)
        rig.bmc.hardware.change {
            $0.override = nil
            $0.readings = [1: GetSensorReading.Response(reading: 40, states: 0)]
        }
        // What is not well is looked at every time.
        #expect(try await rig.provider.observe(rig.device).health == .ok)
    }

    @Test("a BMC that falls silent at sensors and log has answered all the same")
    func silence() async throws {
        let rig = ProviderRig { $0.isOn = true }
        rig.bmc.hardware.change { $0.override = { _, _ in .silence } }
        for _ in 0..<3 {
            let observation = try await rig.provider.observe(rig.device, claimedAt: Self.claim)
            #expect(observation.power == .on && observation.health == .ok)
            rig.time.advance(by: .seconds(2))
        }
    }

    @Test("looks are not complete until they have come to every sensor and to the log's end")
    func complete() async throws {
        let rig = ProviderRig { $0.isOn = true }
        let date = rig.time.date
        rig.bmc.hardware.change { contents in
            contents.records = (1...100).map { SampleRecords.temperature(UInt16($0), $0, "T\($0)") }
            contents.readings = Dictionary(
                uniqueKeysWithValues: (1...100).map {
                    ($0, GetSensorReading.Response(reading: 40, states: 0))
                })
            contents.readings[100] = GetSensorReading.Response(reading: 96, states: 0x18)
            contents.log = (1...60).map { number in
                SELRecord(
                    id: number, body: number == 1 ? Self.memoryError(at: date).body : Self.noise)
            }
            contents.time = IPMITimestamp(rawValue: UInt32(date.timeIntervalSince1970))
        }
        var looks: [Observation] = []
        while looks.last?.isComplete != true, looks.count < 39 {
            looks.append(try await rig.provider.observe(rig.device, claimedAt: Self.claim))
            rig.time.advance(by: .seconds(30))
        }
        #expect(looks.count > 2 && looks.count < 39)
        #expect(looks.first?.health == .ok)
        let last = try #require(looks.last)
        #expect(last.reasons.contains { $0.hasPrefix("T100: Critical") })
        #expect(last.reasons.contains { $0.contains("uncorrectable") })
    }

    @Test("a BMC without sensors and log is known at once; one that never tells, in the end")
    func completeWithout() async throws {
        let bare = ProviderRig()
        bare.bmc.hardware.change { $0.override = { _, _ in .refusal(.invalidCommand) } }
        #expect(try await bare.provider.observe(bare.device, claimedAt: Self.claim).isComplete)
        let mute = ProviderRig()
        mute.bmc.hardware.change { $0.override = { _, _ in .silence } }
        var looks = 0
        while looks < 100 {
            looks += 1
            if try await mute.provider.observe(mute.device, claimedAt: Self.claim).isComplete {
                break
            }
            mute.time.advance(by: .seconds(30))
        }
        #expect(looks == HealthMemory.patience)
    }

    /// An entry that means nothing to us.
    private static let noise = SELRecord.Body.other(
        type: 0xE0, data: Array(repeating: 0, count: 13))

    @Test("a look that is cancelled at the log is cut short")
    func cancelled() async {
        let rig = ProviderRig {
            $0.faults[GetSELInfo.name] = [.fail(.cancelled(mayHaveActed: false))]
        }
        let error = await rig.error { provider, device throws(ProviderError) in
            _ = try await provider.observe(device, claimedAt: Self.claim)
        }
        #expect(error?.kind == .unreachable)
    }

    @Test("a deep look puts chassis faults beside what sensors and log tell")
    func deepLook() async throws {
        let rig = ProviderRig { $0.chassis.powerFaults = [.fault] }
        let event = Self.memoryError(at: rig.time.date.addingTimeInterval(-500))
        rig.bmc.hardware.change { contents in
            contents.log = [event]
            contents.time = IPMITimestamp(rawValue: UInt32(rig.time.date.timeIntervalSince1970))
        }
        let report = try await rig.provider.examine(
            rig.device, lookingBack: .seconds(24 * 3600))
        #expect(report.health == .critical && report.power == .off)
        #expect(
            report.reasons.first == "Chassis power: Critical: fault in the main power subsystem")
        #expect(report.findings.contains { $0.isEvent })
        #expect(report.requests == rig.bmc.hardware.requests.count + 1)
    }

    @Test("the facts are the product's; what it leaves blank, the chassis or the board tells")
    func facts() async throws {
        let rig = ProviderRig()
        let inventory = FRUInventory(
            chassis: FRUChassis(type: 0x17, serialNumber: "C-1"),
            board: FRUBoard(
                manufacturer: "Board Maker", productName: "X11", serialNumber: "B-1"),
            product: FRUProduct(manufacturer: "  ", name: " SYS-6019 ", serialNumber: nil))
        rig.bmc.hardware.change { $0.inventories = [0: inventory.bytes] }
        let facts = try await rig.provider.facts(of: rig.device)
        #expect(facts.manufacturer == "Board Maker")
        #expect(facts.model == "SYS-6019")
        #expect(facts.serialNumber == "C-1")
    }

    @Test("a look at a part of the sensors does not count as one at all, and the rest comes later")
    func partialTable() async throws {
        let rig = ProviderRig { $0.isOn = true }
        rig.bmc.hardware.change { contents in
            contents.records = (1...4).map {
                SampleRecords.temperature(UInt16($0), UInt8($0), "CPU \($0) temperature")
            }
            contents.thresholds = [4: SampleRecords.thresholds]
            contents.readings = Dictionary(
                uniqueKeysWithValues: (UInt8(1)...4).map {
                    (
                        $0,
                        GetSensorReading.Response(
                            reading: $0 == 4 ? 96 : 40, states: $0 == 4 ? 0x18 : 0)
                    )
                })
            contents.nextRecords = [2: RecordPart.end]
        }
        func look() async throws -> Observation {
            rig.time.advance(by: .seconds(2))
            return try await rig.provider.observe(rig.device)
        }
        for _ in 0..<5 { #expect(try await look().isComplete == false) }
        rig.bmc.hardware.change { $0.nextRecords = [:] }
        var last = try await look()
        for _ in 0..<12 { last = try await look() }
        #expect(last.health == .critical && last.isComplete)
    }

    @Test("a BMC that never tells of more is taken at its word after a while")
    func settledTable() async throws {
        let rig = ProviderRig { $0.isOn = true }
        rig.bmc.hardware.change { contents in
            contents.records = [
                SampleRecords.temperature(1, 1, "One"), SampleRecords.temperature(2, 2, "Two"),
            ]
            contents.readings = [1: GetSensorReading.Response(reading: 40, states: 0)]
            contents.nextRecords = [1: RecordPart.end]
        }
        for _ in 0..<25 {
            rig.time.advance(by: .seconds(2))
            _ = try await rig.provider.observe(rig.device)
        }
        rig.time.advance(by: .seconds(2))
        #expect(try await rig.provider.observe(rig.device).isComplete)
        let walks = rig.bmc.hardware.count(ReserveSDRRepository.self)
        for _ in 0..<40 {
            rig.time.advance(by: .seconds(2))
            _ = try await rig.provider.observe(rig.device)
        }
        #expect(rig.bmc.hardware.count(ReserveSDRRepository.self) == walks)
    }
}
