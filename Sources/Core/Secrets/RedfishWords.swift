/// Words of the Redfish standard (DSP0268): names of resources in paths, and values that mean something.
/// Whoever has one for a password can't keep it secret from who reads a BMC's resources.
enum RedfishWords {
    private static let words = [
        "redfish", "systems", "chassis", "managers", "system", "manager", "sessions",
        "sessionservice", "accountservice", "accounts", "roles", "registries", "jsonschemas",
        "eventservice", "taskservice", "updateservice", "certificateservice", "licenseservice",
        "processors", "memory", "storage", "ethernetinterfaces", "networkinterfaces", "logservices",
        "entries", "actions", "members", "links", "status", "sensors", "thermal", "power", "bios",
        "password", "username", "administrator", "operator", "readonly", "noaccess", "none",
        "enabled", "disabled", "absent", "critical", "warning", "standbyoffline", "standbyspare",
        "starting", "deferring", "quiesced", "updating", "unavailableoffline", "intest",
        "qualified", "poweringon", "poweringoff", "paused", "gracefulshutdown", "gracefulrestart",
        "forceoff", "forceon", "forcerestart", "powercycle", "pushpowerbutton", "once",
        "continuous", "uefi", "legacy", "uefihttp", "uefitarget", "biossetup", "diags", "floppy",
        "usbstick", "physical", "virtual", "server", "rackmount", "unknown", "true", "false",
        "null", "information", "message", "messageid", "health", "state", "base", "default",
        "root",
    ]

    /// Whether the text is one of them or part of one, whatever its case.
    static func cover(_ text: String) -> Bool {
        let folded = text.lowercased()
        return words.contains { $0.contains(folded) }
    }
}
