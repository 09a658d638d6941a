internal import Core
internal import IPMIWire

extension BootTarget {
    /// What stands for the target in the boot flags (IPMI v2.0 28.12, table 28-14); nil for those
    /// that IPMI does not know.
    var ipmiDevice: BootFlags.Device? {
        switch self {
        case .pxe: .network
        case .hdd: .drive
        case .cd: .cd
        case .usb, .floppy: .removable
        case .biosSetup: .setup
        case .diags: .diagnostics
        case .remoteDrive: .remoteDrive
        case .sdCard, .utilities, .uefiShell, .uefiHttp: nil
        }
    }
}

extension BootFlags {
    /// `Pxe, once, UEFI`, as a person reads an override.
    var summary: String {
        guard isValid else { return "no override" }
        let target = BootTarget.allCases.first { $0.ipmiDevice == device }
        let name =
            device == .none ? "no override" : target?.rawValue ?? "device \(device.rawValue)"
        return [name, isPersistent ? "persistent" : "once", isUEFI ? "UEFI" : "legacy"]
            .joined(separator: ", ")
    }

    /// Whether the firmware will be told to boot from something.
    var isOverride: Bool { isValid && device != .none }
}
