internal import IPMIWire

extension GetSystemGUID.Response {
    /// The system's UUID as SMBIOS has it, lower case; nil if the BMC has none.
    ///
    /// The specification wants all bytes reversed (IPMI v2.0 20.8). BMCs send what SMBIOS holds, or
    /// the UUID as it is written, as often: ipmitool's issue 25 collects them, and ipmitool and
    /// go-ipmi let one choose for that. Here the UUID itself tells: read in the right order it has
    /// a variant and a version that exist (RFC 9562, 4.1 and 4.2). Where several orders do, or none
    /// as with UUIDs that a vendor made up from a serial number, the first of SMBIOS's, the
    /// written, and the specification's is taken: the first one is by far the most frequent.
    var uuid: String? {
        guard bytes.contains(where: { $0 != bytes[0] }) else { return nil }
        let order = GetSystemGUID.Order.allCases.first { Self.isPlausible(uuid(in: $0)) }
        return Self.text(uuid(in: order ?? .smbios))
    }

    private static func isPlausible(_ uuid: [UInt8]) -> Bool {
        uuid.count == 16 && uuid[8] & 0xC0 == 0x80 && (1...5).contains(uuid[6] >> 4)
    }

    private static func text(_ uuid: [UInt8]) -> String {
        var text = ""
        for (index, byte) in uuid.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}
