import IPMIWire
import Testing

// Laid out byte by byte after the tables of IPMI v2.0 43.
@Suite("Sensor data records") struct SensorRecordTests {
    static let head = SensorHead(
        number: 0x30, entity: EntityReference(id: 3, instance: 1), initialisation: 0x7F,
        capabilities: 0x68, type: 0x01, eventType: 0x01, assertionMask: 0x7A80,
        deassertionMask: 0x7A80, readingMask: 0x3838,
        units: SensorUnits(format: .twosComplement, base: 1))
    static let headHex = "20 00 30 03 01 7f 68 01 01 807a 807a 3838 80 01 00"

    @Test("a sensor with numbers (43.1)")
    func full() throws {
        let record = FullSensorRecord(
            head: Self.head, factors: SensorFactors(multiplier: 1), nominal: 45,
            normalMaximum: 80, normalMinimum: 10, maximum: 127, minimum: 0x80,
            thresholds: SensorThresholds(
                upperNonCritical: 90, upperCritical: 95, upperNonRecoverable: 100),
            positiveHysteresis: 2, negativeHysteresis: 2, name: PackedText("CPU1 Temp"))
        let hex =
            Self.headHex + "00 01 00 00 00 00 00 07 2d 50 0a 7f 80 64 5f 5a 00 00 00 02 02"
            + "0000 00 c9 43505531 2054656d70"
        try expectWire(record, hex)
        try expectWire(SensorDataRecord(id: 0x0102, body: .full(record)), "0201 51 01 34" + hex)
        #expect(record.name.text == "CPU1 Temp")
    }

    @Test("thresholds that can't be read are none")
    func unreadable() throws {
        var record = FullSensorRecord(
            head: Self.head, factors: SensorFactors(multiplier: 1),
            thresholds: SensorThresholds(upperCritical: 95), name: PackedText("x1"))
        record.head.readingMask = 0
        #expect(try read(wire(record), as: FullSensorRecord.self).thresholds == SensorThresholds())
    }

    @Test("a sensor with states, and several alike (43.2)")
    func compact() throws {
        let record = CompactSensorRecord(
            head: Self.head,
            sharing: RecordSharing(
                usesLetters: true, count: 3, incrementsInstance: true, nameOffset: 1),
            positiveHysteresis: 1, negativeHysteresis: 2, oem: 7, name: PackedText("PSU "))
        let hex = Self.headHex + "13 81 01 02 000000 07 c4 50535520"
        try expectWire(record, hex)
        try expectWire(SensorDataRecord(id: 7, body: .compact(record)), "0700 51 02 1f" + hex)
        #expect((0..<3).map(record.sharing.suffix) == ["B", "C", "D"])
        #expect(RecordSharing(count: 2, nameOffset: 9).suffix(1) == "10")
        #expect(RecordSharing(count: 1, nameOffset: 9).suffix(0) == "")
        #expect(RecordSharing(usesLetters: true, count: 15, nameOffset: 20).suffix(7) == "AB")
        #expect(RecordSharing(usesLetters: true, count: 15, nameOffset: 127).suffix(255).count == 2)
    }

    @Test("a sensor that just sends events (43.3)")
    func eventOnly() throws {
        let record = EventOnlyRecord(
            number: 0x40, entity: EntityReference(id: 32, instance: 1), type: 0x0C,
            eventType: 0x6F, oem: 1, name: PackedText("ECC"))
        try expectWire(record, "20 00 40 20 01 0c 6f 01 00 00 01 c3 454343")
    }

    @Test("where inventories and controllers are (43.8, 43.9)")
    func locators() throws {
        let fru = FRULocatorRecord(
            device: 3, lun: 1, channel: 2, deviceTypeModifier: 2,
            entity: EntityReference(id: 10, instance: 1), name: PackedText("PSU 1 FRU"))
        try expectWire(
            fru, "20 03 88 20 00 10 02 0a 01 00 c9 505355203120465255")
        let controller = ControllerLocatorRecord(
            capabilities: 0x9F, entity: EntityReference(id: 6, instance: 1, isLogical: true),
            name: PackedText("BMC"))
        try expectWire(controller, "20 00 00 9f 000000 06 81 00 c3 424d43")
    }

    @Test("a record of a type that nobody knows is kept as it is")
    func other() throws {
        try expectWire(
            SensorDataRecord(id: 9, body: .other(type: 0xC0, bytes: [1, 2, 3])),
            "0900 51 c0 03 010203")
    }

    @Test(
        "a text in its packing (43.15)",
        arguments: [
            ("c3 424d43", "BMC"), ("c0", ""), ("c5 2042204d20", "B M"), ("c3 410043", "A"),
            ("42 1bc2", "1-.2"), ("41 1a", "1"),
            ("02 00ff", "00ff"), ("03 424d43", "BMC"), ("c3 41e442", "AäB"),
        ])
    func texts(hex: String, text: String) throws {
        #expect(try read(bytes(hex), as: PackedText.self).text == text)
    }

    // The packing of the example in the FRU specification, 13.
    @Test("six-bit text is the specification's example")
    func sixBit() throws {
        #expect(try read(bytes("83 29dca6"), as: PackedText.self).text == "IPMI")
    }

    @Test("a text too long is cut, and one of a letter is told from the end of a list")
    func limits() {
        #expect(PackedText(String(repeating: "a", count: 80)).bytes.count == 63)
        #expect(wire(PackedText("a")) == bytes("c2 6100") && PackedText("a").text == "a")
        #expect(PackedText("a€b").text == "a?b")
    }
}
