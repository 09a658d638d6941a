internal import Core

extension BootTarget {
    /// What services call this boot source: the standard's name (DSP2046 `ComputerSystem`,
    /// `BootSource`), then others seen in `BootSourceOverrideTarget@Redfish.AllowableValues`.
    ///
    /// `CD/DVD`, `FloppyRemovableMedia` and `UsbKey`: Supermicro X10 (`supermicro-x10`), which
    /// lists no `Cd`, `Floppy` or `Usb`.
    var names: [String] {
        switch self {
        case .cd: [rawValue, "CD/DVD"]
        case .floppy: [rawValue, "FloppyRemovableMedia"]
        case .usb: [rawValue, "UsbKey"]
        default: [rawValue]
        }
    }
}
