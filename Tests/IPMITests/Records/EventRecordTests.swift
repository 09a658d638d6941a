import IPMIWire
import Testing

// Laid out byte by byte after the tables of IPMI v2.0 32.
@Suite("Entries of the event log") struct EventRecordTests {
    @Test("an event of a sensor (32.1)")
    func event() throws {
        let event = SystemEvent(
            time: IPMITimestamp(rawValue: 0x6553_F100), sensorType: 0x01, sensor: 0x30,
            eventType: 0x01, data1: 0x59, data2: 0x65, data3: 0x5F)
        try expectWire(
            SELRecord(id: 0x0102, body: .event(event)),
            "0201 02 00f15365 2000 04 01 30 01 59 65 5f")
        #expect(event.offset == 9)
        #expect(event.triggerReading == 0x65 && event.triggerThreshold == 0x5F)
        var other = event
        other.eventType = 0x6F
        #expect(other.triggerReading == nil && other.triggerThreshold == nil)
    }

    @Test("an event of the firmware that ends (32.1)")
    func deassertion() throws {
        try expectWire(
            SELRecord(
                id: 1,
                body: .event(
                    SystemEvent(
                        time: .unspecified, generator: SensorOwner(id: 0x21, channel: 1, lun: 2),
                        sensorType: 0x08, sensor: 0x50, isDeassertion: true, eventType: 0x6F,
                        data1: 0x01))),
            "0100 02 ffffffff 2112 04 08 50 ef 01 ff ff")
    }

    @Test("a vendor's entries (32.2, 32.3)")
    func vendors() throws {
        try expectWire(
            SELRecord(
                id: 2,
                body: .timestamped(
                    type: 0xDD, time: IPMITimestamp(rawValue: 5), manufacturer: 0x0002_A7_57,
                    data: [1, 2, 3, 4, 5, 6])),
            "0200 dd 05000000 57a702 010203040506")
        try expectWire(
            SELRecord(id: 3, body: .other(type: 0xE0, data: Array(1...13))),
            "0300 e0 0102030405060708090a0b0c0d")
    }
}
