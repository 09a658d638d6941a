package import NIOCore

/// What the system boots from, instead of what its firmware is set to (IPMI v2.0 28.12, table
/// 28-14, parameter 5).
package struct BootFlags: WireValue {
    /// Whether the flags hold. The firmware takes this away when it has read flags for one boot,
    /// and the BMC when it takes them for stale: see ``BootParameter/ValidityKept``.
    package var isValid: Bool
    /// Whether they hold for all boots, and not just for the next.
    package var isPersistent: Bool
    /// Whether to boot in the UEFI way, and not in the legacy (PC compatible) one.
    package var isUEFI: Bool
    /// Whether the firmware forgets its settings.
    package var clearsCMOS: Bool
    /// Whether the keyboard is locked.
    package var locksKeyboard: Bool
    /// What to boot from; 4 bits.
    package var device: Device
    /// Whether the screen stays blank.
    package var blanksScreen: Bool
    /// Whether the reset button is locked.
    package var locksReset: Bool
    /// Bits of the third byte: power button locked (0x80), the firmware's verbosity (0x60),
    /// progress events (0x10), password bypass (0x08), sleep button locked (0x04), console
    /// redirection (0x03). All 0 leaves it to the firmware.
    package var console: UInt8
    /// Bits of the fourth byte: shared mode (0x08), the serial multiplexer (0x07). All 0 leaves it
    /// to the firmware.
    package var multiplexer: UInt8
    /// Which one of several devices of the kind, 5 bits; 0 leaves it to the firmware.
    package var instance: UInt8

    package init(
        isValid: Bool, isPersistent: Bool = false, isUEFI: Bool = false, clearsCMOS: Bool = false,
        locksKeyboard: Bool = false, device: Device = .none, blanksScreen: Bool = false,
        locksReset: Bool = false, console: UInt8 = 0, multiplexer: UInt8 = 0, instance: UInt8 = 0
    ) {
        self.isValid = isValid
        self.isPersistent = isPersistent
        self.isUEFI = isUEFI
        self.clearsCMOS = clearsCMOS
        self.locksKeyboard = locksKeyboard
        self.device = device
        self.blanksScreen = blanksScreen
        self.locksReset = locksReset
        self.console = console
        self.multiplexer = multiplexer
        self.instance = instance
    }

    /// What a system can be told to boot from (IPMI v2.0 table 28-14, boot device selector). The
    /// numbers without a name are reserved.
    package struct Device: RawRepresentable, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue & 0x0F }

        /// What the firmware is set to.
        package static let none = Device(rawValue: 0x0)
        package static let network = Device(rawValue: 0x1)
        /// The standard hard drive.
        package static let drive = Device(rawValue: 0x2)
        /// The standard hard drive, in safe mode.
        package static let driveSafely = Device(rawValue: 0x3)
        /// The diagnostic partition.
        package static let diagnostics = Device(rawValue: 0x4)
        /// The standard CD or DVD.
        package static let cd = Device(rawValue: 0x5)
        /// The firmware's setup.
        package static let setup = Device(rawValue: 0x6)
        /// A floppy or other removable medium that the BMC presents.
        package static let remoteRemovable = Device(rawValue: 0x7)
        /// A CD or DVD that the BMC presents.
        package static let remoteCD = Device(rawValue: 0x8)
        /// The first of the media that the BMC presents.
        package static let remoteMedium = Device(rawValue: 0x9)
        /// A hard drive that the BMC presents.
        package static let remoteDrive = Device(rawValue: 0xB)
        /// The first floppy or other removable medium.
        package static let removable = Device(rawValue: 0xF)
    }

    /// The last three bytes may be missing, for they have been added with time.
    package static func read(from buffer: inout ByteBuffer) throws(IPMIWireError) -> BootFlags {
        let first: UInt8 = try buffer.take("boot flags")
        let second: UInt8 = try buffer.take("boot device")
        return BootFlags(
            isValid: first & 0x80 != 0, isPersistent: first & 0x40 != 0,
            isUEFI: first & 0x20 != 0, clearsCMOS: second & 0x80 != 0,
            locksKeyboard: second & 0x40 != 0, device: Device(rawValue: second >> 2 & 0x0F),
            blanksScreen: second & 0x02 != 0, locksReset: second & 0x01 != 0,
            console: buffer.readInteger() ?? 0, multiplexer: (buffer.readInteger() ?? 0) & 0x0F,
            instance: (buffer.readInteger() ?? 0) & 0x1F)
    }

    package func write(into buffer: inout ByteBuffer) {
        let first: UInt8 =
            (isValid ? 0x80 : 0) | (isPersistent ? 0x40 : 0) | (isUEFI ? 0x20 : 0)
        let second: UInt8 =
            (clearsCMOS ? 0x80 : 0) | (locksKeyboard ? 0x40 : 0) | device.rawValue << 2
            | (blanksScreen ? 0x02 : 0) | (locksReset ? 0x01 : 0)
        buffer.writeBytes([first, second, console, multiplexer & 0x0F, instance & 0x1F])
    }
}
