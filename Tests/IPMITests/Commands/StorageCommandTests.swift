import IPMIWire
import Testing

// Requests and responses by the tables of the IPMI v2.0 specification, byte by byte.
@Suite("Event log, sensor repository and FRU commands") struct StorageCommandTests {
    @Test("the state of the event log (31.2)")
    func selInfo() throws {
        try expectWire(GetSELInfo(), "")
        try expectWire(
            GetSELInfo.Response(
                recordCount: 0x0203, freeBytes: 0x3F50,
                lastAddition: IPMITimestamp(rawValue: 0x6553_F100),
                lastErase: IPMITimestamp(rawValue: 0x6000_0001), hasOverflowed: true,
                operations: 0x0A),
            "51 0302 503f 00f15365 01000060 8a")
    }

    @Test("an entry of the event log (31.5)")
    func selEntry() throws {
        try expectWire(GetSELEntry(recordID: 0x0102), "0000 0201 00 ff")
        try expectWire(
            GetSELEntry(
                RecordPart(recordID: GetSELEntry.last, reservation: 0xABCD, offset: 4, count: 8)),
            "cdab ffff 04 08")
        try expectWire(
            GetSELEntry.Response(
                nextRecordID: 0xFFFF, data: bytes("0100 02 00000065 2000 04 01 30 01 59 5f 5a")),
            "ffff 0100 02 00000065 2000 04 01 30 01 59 5f 5a", required: 2)
        try expectWire(ReserveSEL(), "")
        try expectWire(RepositoryReservation(id: 0x1234), "3412")
    }

    // Captured with ipmitool 1.8.19 from ipmi_sim (OpenIPMI 2.0.33), whose clock was not set.
    @Test("what a simulated BMC of another project answers is read as it was meant")
    func captured() throws {
        let info: GetSELInfo.Response = try read(bytes("51 0200 603e b56d0000 00000000 0a"))
        #expect(info.recordCount == 2 && info.freeBytes == 15_968 && !info.lastAddition.isDate)
        let entry: GetSELEntry.Response = try read(
            bytes("0200 0100 02 b56d0000 2000 04 0c 04 6f 01 ff ff"))
        #expect(entry.nextRecordID == 2)
        let event = SystemEvent(
            time: IPMITimestamp(rawValue: 28_085), sensorType: 0x0C, sensor: 4, eventType: 0x6F,
            data1: 1)
        #expect(try read(entry.data) == SELRecord(id: 1, body: .event(event)))
        let repository: GetSDRRepositoryInfo.Response = try read(
            bytes("51 0000 feff 00000000 b46d0000 02"))
        #expect(repository.recordCount == 0 && repository.lastErase.rawValue == 28_084)
    }

    @Test("the time by the BMC (31.10)")
    func selTime() throws {
        try expectWire(GetSELTime(), "")
        try expectWire(
            GetSELTime.Response(time: IPMITimestamp(rawValue: 0x6553_F100)), "00f15365")
    }

    @Test("a date is told from a time since the start (37)")
    func timestamps() {
        #expect(!IPMITimestamp(rawValue: 0).isDate)
        #expect(!IPMITimestamp(rawValue: 0x2000_0000).isDate)
        #expect(IPMITimestamp(rawValue: 0x2000_0001).isDate)
        #expect(IPMITimestamp(rawValue: 0xFFFF_FFFE).isDate)
        #expect(!IPMITimestamp.unspecified.isDate)
    }

    @Test("the state of the sensor repository (33.9, 33.11)")
    func repository() throws {
        try expectWire(GetSDRRepositoryInfo(), "")
        try expectWire(
            GetSDRRepositoryInfo.Response(
                recordCount: 0x0187, freeBytes: 0xFFFF,
                lastAddition: IPMITimestamp(rawValue: 0x6553_F100),
                lastErase: IPMITimestamp(rawValue: 0), operations: 0x22),
            "51 8701 ffff 00f15365 00000000 22")
        try expectWire(ReserveSDRRepository(), "")
    }

    @Test("parts of a sensor record (33.12, 35.3)")
    func sensorRecord() throws {
        let part = RecordPart(recordID: 0x0102, reservation: 0xABCD, offset: 5, count: 16)
        try expectWire(GetSDR(part), "cdab 0201 05 10")
        try expectWire(GetDeviceSDR(part), "cdab 0201 05 10")
        try expectWire(GetSDR(RecordPart(recordID: RecordPart.first)), "0000 0000 00 ff")
        try expectWire(
            RecordPartResponse(nextRecordID: 3, data: [2, 0, 0x51, 0x01, 0x30]),
            "0300 0200 51 01 30", required: 2)
    }

    @Test("the sensors that a controller describes itself (35.2, 35.4)")
    func deviceRecords() throws {
        try expectWire(GetDeviceSDRInfo(), "01", required: 0)
        #expect(try read([], as: GetDeviceSDRInfo.self) == GetDeviceSDRInfo(countsRecords: false))
        try expectWire(GetDeviceSDRInfo.Response(count: 12, luns: 0x03), "0c 03")
        try expectWire(
            GetDeviceSDRInfo.Response(count: 12, isDynamic: true, changeIndicator: 0x0102_0304),
            "0c 81 04030201", required: 2)
        try expectWire(ReserveDeviceSDRRepository(), "")
    }

    @Test("a part's inventory (34.1, 34.2)")
    func parts() throws {
        try expectWire(GetFRUInventoryAreaInfo(device: 3), "03")
        try expectWire(GetFRUInventoryAreaInfo.Response(size: 0x0800), "0008 00")
        try expectWire(GetFRUInventoryAreaInfo.Response(size: 256, isInWords: true), "0001 01")
        try expectWire(ReadFRUData(device: 3, offset: 0x0108, count: 16), "03 0801 10")
        try expectWire(
            ReadFRUData.Response(count: 3, data: [1, 2, 3]), "03 010203", required: 1)
    }

    @Test("functions and numbers are the specification's (appendix G)")
    func numbers() {
        func number(_ command: (some IPMICommand).Type) -> [UInt8] {
            [command.function.rawValue, command.code]
        }
        #expect(number(GetSELInfo.self) == [0x0A, 0x40])
        #expect(number(ReserveSEL.self) == [0x0A, 0x42])
        #expect(number(GetSELEntry.self) == [0x0A, 0x43])
        #expect(number(GetSELTime.self) == [0x0A, 0x48])
        #expect(number(GetSDRRepositoryInfo.self) == [0x0A, 0x20])
        #expect(number(ReserveSDRRepository.self) == [0x0A, 0x22])
        #expect(number(GetSDR.self) == [0x0A, 0x23])
        #expect(number(GetDeviceSDRInfo.self) == [0x04, 0x20])
        #expect(number(GetDeviceSDR.self) == [0x04, 0x21])
        #expect(number(ReserveDeviceSDRRepository.self) == [0x04, 0x22])
        #expect(number(GetFRUInventoryAreaInfo.self) == [0x0A, 0x10])
        #expect(number(ReadFRUData.self) == [0x0A, 0x11])
        #expect(number(GetSensorReadingFactors.self) == [0x04, 0x23])
        #expect(number(GetSensorHysteresis.self) == [0x04, 0x25])
        #expect(number(GetSensorThresholds.self) == [0x04, 0x27])
        #expect(number(GetSensorReading.self) == [0x04, 0x2D])
    }
}
