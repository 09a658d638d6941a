internal import Core
internal import IPMIWire

/// Redfish's boot override, as far as IPMI knows it.
struct ShownBoot: Hashable, Sendable {
    var target = "None"
    var isPersistent = false
    var isInForce = false
    var isUEFI = false

    init(_ boot: JSONObject?) {
        guard let boot else { return }
        target = boot["BootSourceOverrideTarget"]?.string ?? "None"
        let enabled = boot["BootSourceOverrideEnabled"]?.string ?? "Disabled"
        isPersistent = enabled == "Continuous"
        isInForce = enabled != "Disabled" && target != "None"
        isUEFI = boot["BootSourceOverrideMode"]?.string == "UEFI"
    }

    /// As boot flags. What IPMI has no number for is left to the firmware.
    var flags: BootFlags {
        BootFlags(
            isValid: isInForce, isPersistent: isPersistent, isUEFI: isUEFI,
            device: isInForce ? Self.device(of: target) : .none)
    }

    private static func device(of target: String) -> BootFlags.Device {
        switch target {
        case "Pxe": .network
        case "Hdd": .drive
        case "Cd": .cd
        case "Diags": .diagnostics
        case "BiosSetup": .setup
        case "UsbCd": .remoteCD
        case "Floppy", "Usb", "SDCard": .removable
        case "RemoteDrive": .remoteDrive
        default: .none
        }
    }

    /// The targets that mean a device, the best first.
    static func targets(of device: BootFlags.Device) -> [String] {
        switch device {
        case .network: ["Pxe"]
        case .drive, .driveSafely: ["Hdd"]
        case .diagnostics: ["Diags"]
        case .cd: ["Cd"]
        case .setup: ["BiosSetup"]
        case .remoteCD: ["UsbCd", "Cd"]
        case .removable, .remoteRemovable, .remoteMedium: ["Usb", "Floppy"]
        case .remoteDrive: ["RemoteDrive", "Usb"]
        default: []
        }
    }
}
