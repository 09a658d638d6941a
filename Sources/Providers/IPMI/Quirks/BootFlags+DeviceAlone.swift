internal import IPMIWire

/// BMCs that keep of the boot flags nothing but the device, and so always show them as not valid:
/// OpenIPMI's ipmi_sim, which real BMCs have been made of (lanserv/bmc_chassis.c,
/// `get_system_boot_options`).
///
/// One that has dropped the flags it was given shows nearly the same. So these are told apart by a
/// bit that was written as set, and is shown as clear beside the right device.
extension BootFlags {
    /// Whether these, read after `written` was, may be of such a BMC.
    func mayShowDeviceAlone(of written: BootFlags) -> Bool {
        written.isValid && written.device != .none && device == written.device
            && !isValid && !isPersistent && !isUEFI
    }

    /// Flags for the same device whose bits a BMC would show that keeps them.
    var marked: BootFlags {
        var flags = self
        flags.isPersistent = true
        flags.isUEFI = true
        return flags
    }
}
