internal import Core

extension BootTarget {
    /// What services call this boot source: the standard's name (DSP2046 `ComputerSystem`,
    /// `BootSource`), then others seen in `BootSourceOverrideTarget@Redfish.AllowableValues`, in
    /// any case.
    ///
    /// - `CD/DVD`, `FloppyRemovableMedia`, `UsbKey`, `UsbCd`, `UefiCd`, …: Supermicro X10
    ///   (`supermicro-x10`), which lists no `Cd`, `Floppy` or `Usb`.
    /// - `VCD-DVD`: iDRAC's virtual CD drive, in Dell's own boot settings.
    var names: [String] {
        switch self {
        case .cd: [rawValue, "CD/DVD", "UsbCd", "UefiCd", "UefiUsbCd", "VCD-DVD"]
        case .floppy: [rawValue, "FloppyRemovableMedia", "UsbFloppy"]
        case .hdd: [rawValue, "UefiHdd"]
        case .usb: [rawValue, "UsbKey", "UsbHdd", "UefiUsbKey"]
        default: [rawValue]
        }
    }

    /// ``names``, the likeliest first for a BMC that offers `allowed`.
    ///
    /// Where `UsbCd` is offered beside `Cd`, the virtual CD drive is the former: on Supermicro X11
    /// and X12 a boot from `Cd` finds no inserted medium (openstack/sushy,
    /// change-bootdev-smc-ab30317eaf5c37d9). The ARS-111GL-NHR is known to be an exception.
    func names(among allowed: [String]?) -> [String] {
        let offered = Set((allowed ?? []).map { $0.lowercased() })
        guard self == .cd, offered.isSuperset(of: ["cd", "usbcd"]) else { return names }
        return ["UsbCd"] + names
    }
}
