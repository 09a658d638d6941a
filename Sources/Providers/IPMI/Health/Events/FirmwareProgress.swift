/// What the system firmware tells of its start (IPMI v2.0 table 42-3, sensor type 0x0F, event data 2).
enum FirmwareProgress {
    /// An error that the firmware found.
    static func error(_ code: UInt8) -> EventMeaning {
        switch code {
        case 0x01: .worst("system firmware error: no memory installed")
        case 0x02: .worst("system firmware error: no usable memory")
        case 0x03: .worst("system firmware error: unrecoverable drive failure")
        case 0x04: .worst("system firmware error: unrecoverable system board failure")
        case 0x06: .worst("system firmware error: unrecoverable drive controller failure")
        case 0x07: .bad("system firmware error: keyboard failure")
        case 0x08: .bad("system firmware error: boot medium not found")
        case 0x09: .bad("system firmware error: unrecoverable video failure")
        case 0x0A: .bad("system firmware error: no video device")
        case 0x0B: .worst("system firmware error: firmware is corrupt")
        case 0x0C: .worst("system firmware error: processors need different voltages")
        case 0x0D: .worst("system firmware error: processors have different speeds")
        default: .bad("system firmware error")
        }
    }

    /// Where the firmware is, or hangs; nothing if it does not say.
    static func step(_ code: UInt8) -> String {
        guard code > 0, steps.indices.contains(Int(code)) else { return "" }
        return ": " + steps[Int(code)]
    }

    private static let steps: [String] = [
        "", "memory", "drives", "other processors", "user's password", "setup", "USB",
        "PCI resources", "option ROMs", "video", "cache", "system bus", "keyboard controller",
        "BMC", "docking station", "docking", "docking station", "undocking", "OS wake-up",
        "start of the OS", "system board", "", "floppy disk", "keyboard test", "mouse test",
        "start of the processor",
    ]
}
