internal import IPMIWire

extension EntityReference {
    /// `power supply 2`, as a technician finds it (IPMI v2.0 table 43-13); nil for a kind that says
    /// nothing of the place.
    var name: String? {
        guard let kind = Self.kinds[id] else { return nil }
        // From 0x60 on they are counted within their controller (IPMI v2.0 39.1).
        return "\(kind) \(instance >= 0x60 ? instance - 0x60 : instance)"
    }

    private static let kinds: [UInt8: String] = [
        0x03: "processor", 0x04: "drive", 0x05: "peripheral bay", 0x06: "management module",
        0x07: "system board", 0x08: "memory module", 0x09: "processor module", 0x0A: "power supply",
        0x0B: "add-in card", 0x0C: "front panel", 0x0D: "back panel", 0x0E: "power system board",
        0x0F: "drive backplane", 0x10: "expansion board", 0x11: "system board",
        0x12: "processor board", 0x13: "power unit", 0x14: "power module", 0x15: "power board",
        0x16: "chassis backplane", 0x17: "chassis", 0x1A: "drive bay", 0x1B: "peripheral bay",
        0x1D: "fan", 0x1E: "cooling unit", 0x1F: "cable", 0x20: "memory device",
        0x26: "I/O module", 0x28: "battery", 0x29: "blade", 0x2A: "switch", 0x2B: "processor",
        0x2C: "I/O module", 0x37: "air inlet", 0x40: "air inlet", 0x41: "processor",
        0x42: "baseboard",
    ]
}
