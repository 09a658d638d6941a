/// A number that a service wrote as text, with or without a unit: `64`, `64 GiB`, `65,536 MB`.
struct Quantity {
    /// In the unit that the property's name ends with, if it names one.
    let value: Double

    private static let bytes: [Substring: Double] = [
        "KIB": 1, "KB": 1, "MIB": 1024, "MB": 1024, "GIB": 1_048_576, "GB": 1_048_576,
        "TIB": 1_073_741_824, "TB": 1_073_741_824,
    ]

    /// Nil if `text` does not begin with a number.
    init?(_ text: String, for property: String) {
        let text = text.filter { !$0.isWhitespace && $0 != "," }
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
        guard let number = Double(digits) else { return nil }
        let written = Self.bytes[text.dropFirst(digits.count).uppercased()[...]]
        let wanted = Self.bytes[property.suffix(3).uppercased()[...]]
        value = if let written, let wanted { number * written / wanted } else { number }
    }

    /// Memory in GiB from a figure that may have been made with decimal units.
    ///
    /// An iDRAC 7 or 8 has 512 GB of modules and shows 476.84: 512 × 10⁹ bytes in GiB. Modules come
    /// in whole GiB, so a figure that is none and would be one so is taken for that.
    static func binaryGibibytes(_ shown: Double) -> Double {
        guard shown != shown.rounded() else { return shown }
        let decimal = shown * 1.073741824
        let whole = decimal.rounded()
        // Shown with one to three decimals.
        return whole >= 4 && whole.remainder(dividingBy: 4) == 0 && abs(decimal - whole) < 0.06
            ? whole : shown
    }
}
