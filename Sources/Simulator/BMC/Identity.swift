/// What tells a simulated machine from all others. The same in every run, as a machine's own is.
enum Identity {
    static func serialNumber(device: Int) -> String {
        "SIM" + padded(String(device), to: 8)
    }

    /// In the form of Dell's: seven letters and digits.
    static func serviceTag(device: Int) -> String {
        "SM" + padded(String(device, radix: 36, uppercase: true), to: 5)
    }

    /// - Parameter number: which of the BMC's UUIDs.
    static func uuid(_ number: Int, bmc: Int) -> String {
        let which = padded(String(number, radix: 16), to: 4)
        return "5a0c0000-\(which)-4000-8000-" + padded(String(bmc, radix: 16), to: 12)
    }

    /// The 16 bytes of a UUID in the order in which they are written; nil if it is none.
    static func bytes(ofUUID text: String) -> [UInt8]? {
        let digits = Array(text.utf8).filter { $0 != UInt8(ascii: "-") }
        guard digits.count == 32 else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: 32, by: 2) {
            let pair = String(decoding: digits[start..<(start + 2)], as: UTF8.self)
            guard let byte = UInt8(pair, radix: 16) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// A locally administered address (IEEE 802, the second bit of the first byte).
    static func mac(_ number: Int, bmc: Int, upperCase: Bool) -> String {
        macBytes(number, bmc: bmc).map { byte in
            padded(String(byte, radix: 16, uppercase: upperCase), to: 2)
        }.joined(separator: ":")
    }

    static func macBytes(_ number: Int, bmc: Int) -> [UInt8] {
        [0x02, bmc >> 16, bmc >> 8, bmc, number >> 8, number].map(UInt8.init(truncatingIfNeeded:))
    }

    private static func padded(_ digits: String, to width: Int) -> String {
        String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
