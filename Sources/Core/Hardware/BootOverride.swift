/// What a device boots from, instead of what its firmware is set to.
public struct BootOverride: Sendable, Hashable {
    public var target: BootTarget
    /// Nil leaves the choice to the firmware's setting.
    public var mode: BootMode?
    /// Whether the override ends after one boot.
    public var once: Bool
    /// The boot file's URI for ``BootTarget/uefiHttp``.
    public var httpBootURI: String?

    public init(
        target: BootTarget, mode: BootMode? = nil, once: Bool = true, httpBootURI: String? = nil
    ) {
        self.target = target
        self.mode = mode
        self.once = once
        self.httpBootURI = httpBootURI
    }
}

/// A boot source, named as in Redfish (`ComputerSystem` schema, `BootSource`).
public enum BootTarget: String, Sendable, Hashable, CaseIterable {
    case pxe = "Pxe"
    case hdd = "Hdd"
    case cd = "Cd"
    case usb = "Usb"
    case floppy = "Floppy"
    case sdCard = "SDCard"
    case biosSetup = "BiosSetup"
    case diags = "Diags"
    case utilities = "Utilities"
    case uefiShell = "UefiShell"
    case uefiHttp = "UefiHttp"
    case remoteDrive = "RemoteDrive"
}

/// How a device boots (`ComputerSystem` schema, `BootSourceOverrideMode`).
public enum BootMode: String, Sendable, Hashable, CaseIterable {
    case uefi = "UEFI"
    case legacy = "Legacy"
}
