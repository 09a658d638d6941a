/// What tells a simulated machine from all others. The same in every run, as a machine's own is.
enum Identity {
    static func serialNumber(device: Int) -> String {
        "SIM" + padded(String(device), to: 8)
    }

    /// - Parameter number: which of the BMC's UUIDs.
    static func uuid(_ number: Int, bmc: Int) -> String {
        let which = padded(String(number, radix: 16), to: 4)
        return "5a0c0000-\(which)-4000-8000-" + padded(String(bmc, radix: 16), to: 12)
    }

    /// A locally administered address (IEEE 802, the second bit of the first byte).
    static func mac(_ number: Int, bmc: Int, upperCase: Bool) -> String {
        let bytes = [0x02, bmc >> 16, bmc >> 8, bmc, number >> 8, number]
        return bytes.map { byte in
            padded(String(byte & 0xFF, radix: 16, uppercase: upperCase), to: 2)
        }.joined(separator: ":")
    }

    private static func padded(_ digits: String, to width: Int) -> String {
        String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
