internal import IPMIWire

extension BootFlags.Device {
    /// The drive of a UEFI system, on Supermicro's boards: the flags' second byte is 0x24. See
    /// `IPMIOptions.Quirk.uefiDisk24`.
    static let uefiDisk24 = BootFlags.Device(rawValue: 0x24 >> 2)
}
