import Core
import IPMIWire
import NIOCore
import Testing

@testable import Simulator

@Suite("Simulated sensors, log and inventory over IPMI")
struct HardwareOverIPMITests {
    @Test(
        "the repository is read record by record, in pieces if it has to be", arguments: [255, 16])
    func records(_ limit: Int) throws {
        let bmc = try TestBMC { $0.ipmi.readLimit = limit }
        var console = try bmc.console()
        let records = try Self.records(&console, bmc, pieces: UInt8(min(limit, 255)))
        let count = try console.perform(GetSDRRepositoryInfo(), bmc.carry).recordCount
        #expect(records.count == Int(count))
        let names = records.compactMap { record in
            switch record.body {
            case .full(let sensor): sensor.name.text
            case .compact(let sensor): sensor.name.text
            default: nil
            }
        }
        #expect(names.contains("CPU1 Temp"))
        #expect(names.filter { $0.hasPrefix("Power Supply") }.count == 2)
    }

    @Test("the next reservation ends the last one")
    func reservation() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        let first = try console.perform(ReserveSDRRepository(), bmc.carry).id
        _ = try console.perform(ReserveSDRRepository(), bmc.carry)
        let part = RecordPart(recordID: RecordPart.first, reservation: first, offset: 5, count: 10)
        #expect(try console.code(of: GetSDR(part), bmc.carry).code == .reservationCancelled)
    }

    @Test("readings convert to what the fixture recorded")
    func conversion() throws {
        let folder = Recordings.folder(of: "ailing-server-older-schemas")
        let bmc = try TestBMC(fixture: try Fixture(folder: folder)) { $0.initialPower = .on }
        var console = try bmc.console()
        let readings = try Self.readings(&console, bmc)
        #expect(readings["CPU 1"] == 61)
        #expect(readings["Fan 1"] == 6_900)
        #expect(abs((readings["12V"] ?? 0) - 12.1) < 0.1)
        // Recorded as absent.
        #expect(readings["CPU 2"] == nil)
    }

    @Test("fans and voltages of a system that is off show nothing")
    func off() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        let readings = try Self.readings(&console, bmc)
        #expect(readings["Fan 1"] == nil)
        #expect(readings["CPU1 Temp"] == 45)
        bmc.state.systems[0].forcePower(.on)
        #expect(try Self.readings(&console, bmc)["Fan 1"] == 6_100)
    }

    @Test("a health that is set shows in a sensor, in the chassis status and in the log")
    func fault() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        bmc.state.setHealth(.critical, reason: nil, of: 0, at: bmc.now)
        let reading = try console.perform(GetSensorReading(sensor: 1), bmc.carry)
        // Beyond upper non-critical and upper critical.
        #expect(reading.states.map { $0 & 0x3F } == 0x18)
        #expect(
            try console.perform(GetChassisStatus(), bmc.carry).conditions == .coolingFault)
        bmc.pass(.seconds(5))
        bmc.state.setHealth(.warning, reason: nil, of: 0, at: bmc.now)
        bmc.state.setHealth(.ok, reason: nil, of: 0, at: bmc.now)
        let events = try Self.log(&console, bmc)
        #expect(events.map(\.offset) == [7, 9, 9, 7])
        #expect(events.map(\.isDeassertion) == [false, false, true, true])
        #expect(events.map(\.time.rawValue) == [0, 0, 5, 5].map { 1_800_000_000 + $0 })
        #expect(try console.perform(GetSensorReading(sensor: 1), bmc.carry).states == 0)
    }

    @Test("a reason that names a power supply is its failure")
    func supply() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        bmc.state.setHealth(.critical, reason: "PSU 2: input lost", of: 0, at: bmc.now)
        let events = try Self.log(&console, bmc)
        #expect(events.map(\.sensorType) == [0x08])
        #expect(events.map(\.eventType) == [0x6F])
        #expect(events.map(\.offset) == [3])
        #expect(try console.perform(GetChassisStatus(), bmc.carry).powerFaults == .fault)
    }

    @Test("the log is cleared with a reservation that still holds")
    func clearing() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        bmc.state.setHealth(.critical, reason: nil, of: 0, at: bmc.now)
        let stale = try console.perform(ReserveSEL(), bmc.carry).id
        bmc.state.setHealth(.ok, reason: nil, of: 0, at: bmc.now)
        func clear(_ id: UInt16) throws -> CompletionCode {
            let data = [UInt8(id & 0xFF), UInt8(id >> 8)] + Array("CLR".utf8) + [0xAA]
            return try console.perform(0x0A, 0x47, data, bmc.carry).code
        }
        #expect(try clear(stale) == .reservationCancelled)
        #expect(try clear(try console.perform(ReserveSEL(), bmc.carry).id) == .ok)
        #expect(try console.perform(GetSELInfo(), bmc.carry).recordCount == 0)
    }

    @Test("the inventory and the GUID are what Redfish shows")
    func identity() throws {
        let bmc = try TestBMC()
        var console = try bmc.console()
        let size = try console.perform(GetFRUInventoryAreaInfo(device: 0), bmc.carry).size
        var bytes: [UInt8] = []
        while bytes.count < Int(size) {
            let piece = ReadFRUData(device: 0, offset: UInt16(bytes.count), count: 16)
            bytes += try console.perform(piece, bmc.carry).data
        }
        let text = String(decoding: bytes, as: UTF8.self)
        for shown in ["Rackpool", "Simulated 1U", "SIM00000000", "r1u01"] {
            #expect(text.contains(shown), "\(shown)")
        }
        let guid = try console.perform(GetSystemGUID(), bmc.carry).uuid(in: .ipmi)
        let system = try #require(bmc.state.fixture.resource(at: systemPath))
        let uuid = try #require(bmc.state.json(of: system)?["UUID"]?.string)
        #expect(guid == Identity.bytes(ofUUID: uuid))
    }

    @Test("every fixture has sensors that can be read", arguments: Recordings.committedNames)
    func fixtures(_ name: String) throws {
        let fixture = try Fixture(folder: Recordings.folder(of: name), allowingNoSystems: true)
        guard fixture.systemCount > 0 else { return }
        let bmc = try TestBMC(fixture: fixture) { $0.initialPower = .on }
        var console = try bmc.console()
        let readings = try Self.readings(&console, bmc)
        #expect(!readings.isEmpty)
        for health in [SimulatedHealth.warning, .critical] {
            bmc.state.setHealth(health, reason: nil, of: 0, at: bmc.now)
            #expect(bmc.state.sensorFault != nil, "\(health)")
        }
    }

    // MARK: - Reading

    private static func records(
        _ console: inout TestConsole, _ bmc: TestBMC, pieces: UInt8
    ) throws -> [SensorDataRecord] {
        let reservation = try console.perform(ReserveSDRRepository(), bmc.carry).id
        var records: [SensorDataRecord] = []
        var id = RecordPart.first
        while id != RecordPart.end {
            var bytes: [UInt8] = []
            var next = RecordPart.end
            var length = SensorDataRecord.headerLength
            while bytes.count < length {
                let count = min(pieces, UInt8(length - bytes.count))
                let part = RecordPart(
                    recordID: id, reservation: reservation, offset: UInt8(bytes.count), count: count
                )
                let answer = try console.perform(GetSDR(part), bmc.carry)
                bytes += answer.data
                next = answer.nextRecordID
                length = SensorDataRecord.headerLength + Int(bytes[4])
            }
            var buffer = ByteBuffer(bytes: bytes)
            records.append(try SensorDataRecord.read(from: &buffer))
            id = next
        }
        return records
    }

    /// The readings of sensors with numbers, by name.
    private static func readings(
        _ console: inout TestConsole, _ bmc: TestBMC
    ) throws -> [String: Double] {
        var readings: [String: Double] = [:]
        for record in try records(&console, bmc, pieces: 255) {
            guard case .full(let sensor) = record.body else { continue }
            let answer = try console.perform(
                GetSensorReading(sensor: sensor.head.number), bmc.carry)
            guard !answer.isUnavailable else { continue }
            readings[sensor.name.text] = sensor.factors.value(
                of: answer.reading, format: sensor.head.units.format, sensor.linearisation)
        }
        return readings
    }

    private static func log(
        _ console: inout TestConsole, _ bmc: TestBMC
    ) throws -> [SystemEvent] {
        var events: [SystemEvent] = []
        var id = GetSELEntry.first
        repeat {
            let answer = try console.perform(GetSELEntry(recordID: id), bmc.carry)
            var buffer = ByteBuffer(bytes: answer.data)
            if case .event(let event) = try SELRecord.read(from: &buffer).body {
                events.append(event)
            }
            id = answer.nextRecordID
        } while id != GetSELEntry.last
        return events
    }
}
