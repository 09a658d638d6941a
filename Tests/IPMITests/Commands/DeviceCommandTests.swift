import NIOCore
import Testing

@testable import IPMIWire

/// The bytes follow from the tables of the sections by hand, where no other origin is told.
@Suite struct DeviceCommandTests {
    @Test("a device ID is read with and without the auxiliary version (20.1)")
    func deviceID() throws {
        try expectWire(GetDeviceID(), "")
        try expectWire(
            GetDeviceID.Response(
                deviceID: 0x20, deviceRevision: 1, providesSDRs: true, firmwareMajor: 3,
                firmwareMinor: 0x07, ipmiVersion: 0x02,
                capabilities: [.chassis, .fruInventory, .eventLog, .sdrRepository, .sensors],
                manufacturer: 10876, product: 0x0957, auxiliaryFirmware: [1, 2, 3, 4]),
            "20 81 03 07 02 8f 7c2a00 5709 01020304", required: 11)
        try expectWire(
            GetDeviceID.Response(
                deviceID: 0, deviceRevision: 0, isStarting: true, firmwareMajor: 0x7F,
                firmwareMinor: 0x99, ipmiVersion: 0x51, capabilities: [], manufacturer: 0xFFFFF,
                product: 0xFFFF),
            "00 00 ff 99 51 00 ffff0f ffff")
    }

    @Test("a firmware's version is written with two digits after the point")
    func firmwareVersion() {
        var response = GetDeviceID.Response(
            firmwareMajor: 1, firmwareMinor: 0x73, capabilities: [], manufacturer: 0, product: 0)
        #expect(response.firmwareVersion == "1.73")
        response.firmwareMinor = 0x05
        #expect(response.firmwareVersion == "1.05")
    }

    @Test("a GUID travels in one of three byte orders (22.14)")
    func systemGUID() throws {
        let uuid = bytes("00112233 4455 6677 8899 aabbccddeeff")
        try expectWire(GetSystemGUID(), "")
        for (order, wire) in [
            (GetSystemGUID.Order.smbios, "33221100 5544 7766 8899 aabbccddeeff"),
            (.network, "00112233 4455 6677 8899 aabbccddeeff"),
            (.ipmi, "ffeeddccbbaa 9988 7766 5544 33221100"),
        ] {
            let response = GetSystemGUID.Response(uuid: uuid, in: order)
            try expectWire(response, wire)
            #expect(response.uuid(in: order) == uuid)
        }
    }

    // The answer is the one in openUBMC's documentation of the command, where a person reads 173 W
    // of it at another time.
    @Test("a power reading is in watts (DCMI 6.6.1)")
    func powerReading() throws {
        try expectWire(GetPowerReading(), "dc 01 00 00")
        try expectWire(
            GetPowerReading.Response(
                watts: 170, leastWatts: 0, mostWatts: 1023, averageWatts: 138,
                timestamp: 0x66AC_4396, period: 0x00A5_DDA9),
            "dc aa00 0000 ff03 8a00 9643ac66 a9dda500 40")
        try expectWire(
            GetPowerReading.Response(
                watts: 0, leastWatts: 0, mostWatts: 0, averageWatts: 0, timestamp: 0, period: 0,
                isMeasured: false),
            "dc 0000 0000 0000 0000 00000000 00000000 00")
    }

    @Test("another body's command is no power reading")
    func foreignBody() {
        for hex in ["00 01 00 00", "dc 02 00 00"] {
            #expect(throws: IPMIWireError.self) {
                var buffer = ByteBuffer(bytes: bytes(hex))
                return try GetPowerReading.read(from: &buffer)
            }
        }
    }
}
