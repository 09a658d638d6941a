import NIOCore
import Testing

@testable import IPMIWire

/// The bytes follow from the tables of the sections by hand.
@Suite struct ChassisCommandTests {
    @Test("a chassis status is read with and without the front panel (28.2)")
    func chassisStatus() throws {
        try expectWire(GetChassisStatus(), "")
        try expectWire(
            GetChassisStatus.Response(isOn: true, restorePolicy: .staysOff), "01 00 00")
        try expectWire(
            GetChassisStatus.Response(
                isOn: false, powerFaults: [.fault, .controlFault], restorePolicy: .restored,
                lastPowerEvent: [.fault, .mainsFailed], conditions: [.coolingFault, .intrusion],
                identify: .indefinite, frontPanel: [.powerOffLocked, .standbyLockable]),
            "38 09 69 81", required: 3)
        try expectWire(
            GetChassisStatus.Response(
                isOn: true, powerFaults: [.overload, .interlock], restorePolicy: .turnsOn,
                lastPowerEvent: [.onByCommand, .overload, .interlock],
                conditions: [.driveFault, .frontPanelLocked], identify: .off, frontPanel: []),
            "47 16 46 00", required: 3)
        try expectWire(
            GetChassisStatus.Response(
                isOn: true, restorePolicy: .unknown, identify: .timed),
            "61 00 50")
    }

    @Test("reserved bits of a chassis status say nothing")
    func reservedBits() throws {
        var buffer = ByteBuffer(bytes: bytes("81 e0 80"))
        let status = try GetChassisStatus.Response.read(from: &buffer)
        #expect(status == GetChassisStatus.Response(isOn: true, restorePolicy: .staysOff))
        var reserved = ByteBuffer(bytes: bytes("01 00 70"))
        #expect(try GetChassisStatus.Response.read(from: &reserved).identify == nil)
    }

    @Test(
        "a chassis control is one number (28.3)",
        arguments: [
            (ChassisControl.Action.down, "00"), (.up, "01"), (.cycle, "02"), (.hardReset, "03"),
            (.diagnosticInterrupt, "04"), (.softOff, "05"),
        ])
    func chassisControl(action: ChassisControl.Action, wire: String) throws {
        try expectWire(ChassisControl(action), wire)
    }

    @Test("a reserved chassis control is refused, and none is sent twice without a look")
    func reservedControl() {
        #expect(throws: IPMIWireError.self) {
            var buffer = ByteBuffer(bytes: [0x06])
            return try ChassisControl.read(from: &buffer)
        }
        #expect(!ChassisControl.isRepeatable)
    }

    @Test("identifying has three forms (28.5)")
    func chassisIdentify() throws {
        try expectWire(ChassisIdentify(.standard), "")
        try expectWire(ChassisIdentify(.seconds(0)), "00", required: 0)
        try expectWire(ChassisIdentify(.seconds(60)), "3c", required: 0)
        try expectWire(ChassisIdentify(.indefinite), "00 01", required: 0)
        var unforced = ByteBuffer(bytes: [0x1E, 0x00])
        #expect(try ChassisIdentify.read(from: &unforced) == ChassisIdentify(.seconds(30)))
    }

    // Those with their origin told are what that program sends.
    @Test(
        "boot options are set a parameter at a time (28.12)",
        arguments: [
            (SetSystemBootOptions(.setInProgress(.inProgress)), "00 01"),
            (SetSystemBootOptions(.setInProgress(.complete)), "00 00"),
            (SetSystemBootOptions(.setInProgress(.commit)), "00 02"),
            // OpenStack Ironic, before it sets a boot device.
            (SetSystemBootOptions(.validityKept(.timeout)), "03 08"),
            (
                SetSystemBootOptions(
                    .validityKept([
                        .powerButton, .resetButton, .watchdog, .timeout, .eventFilter,
                    ])), "03 1f"
            ),
            // ipmitool, before it sets a boot device.
            (
                SetSystemBootOptions(
                    .acknowledge(BootAcknowledge(written: .firmware, unread: .firmware))),
                "04 01 01"
            ),
            (
                SetSystemBootOptions(.acknowledge(BootAcknowledge(written: .all, unread: .all))),
                "04 ff ff"
            ),
            // ipmitool, `chassis bootdev disk options=persistent,efiboot`.
            (
                SetSystemBootOptions(
                    .flags(
                        BootFlags(
                            isValid: true, isPersistent: true, isUEFI: true, device: .drive))),
                "05 e0 08 00 00 00"
            ),
            (
                SetSystemBootOptions(
                    .flags(
                        BootFlags(
                            isValid: true, clearsCMOS: true, locksKeyboard: true,
                            device: .removable, blanksScreen: true, locksReset: true,
                            console: 0xA5, multiplexer: 0x0F, instance: 0x1F)),
                    marksInvalid: true), "85 80 ff a5 0f 1f"
            ),
            (SetSystemBootOptions(.other(number: 7, data: [1, 2, 3])), "07 01 02 03"),
            (SetSystemBootOptions(.other(number: 5, data: []), marksInvalid: true), "85"),
        ])
    func setBootOptions(command: SetSystemBootOptions, wire: String) throws {
        try expectWire(command, wire, required: 1)
    }

    @Test("boot options are read a parameter at a time (28.13)")
    func getBootOptions() throws {
        try expectWire(GetSystemBootOptions(BootParameter.flagsNumber), "05 00 00")
        try expectWire(GetSystemBootOptions(7, set: 1, block: 2), "07 01 02")
        try expectWire(
            GetSystemBootOptions.Response(
                .flags(BootFlags(isValid: true, isUEFI: true, device: .network))),
            "01 05 a0 04 00 00 00", required: 2)
        try expectWire(
            GetSystemBootOptions.Response(.setInProgress(.complete), isInvalid: true),
            "01 80 00", required: 2)
    }

    @Test("boot flags of two bytes are whole, of one they are not")
    func shortFlags() throws {
        var buffer = ByteBuffer(bytes: bytes("01 05 80 14"))
        let response = try GetSystemBootOptions.Response.read(from: &buffer)
        #expect(response.parameter == .flags(BootFlags(isValid: true, device: .cd)))
        #expect(throws: IPMIWireError.self) {
            var short = ByteBuffer(bytes: bytes("01 05 80"))
            return try GetSystemBootOptions.Response.read(from: &short)
        }
        #expect(throws: IPMIWireError.self) {
            var reserved = ByteBuffer(bytes: bytes("00 03"))
            return try SetSystemBootOptions.read(from: &reserved)
        }
    }
}
