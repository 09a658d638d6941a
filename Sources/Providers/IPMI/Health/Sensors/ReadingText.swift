internal import Foundation
internal import IPMIWire

/// A sensor's numbers as a person reads them: `101 °C`, `11.97 V`, `4200 rpm`.
enum ReadingText {
    static func text(_ value: Double, _ units: SensorUnits) -> String {
        let unit = unit(units)
        return number(value) + (unit.isEmpty ? "" : unit == "%" ? " %" : " " + unit)
    }

    /// With as many digits as say something, without an exponent.
    static func number(_ value: Double) -> String {
        let places = abs(value) >= 1000 ? 0 : abs(value) >= 100 ? 1 : 3
        var text = String(format: "%.\(places)f", value)
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return text == "-0" ? "0" : text
    }

    static func unit(_ units: SensorUnits) -> String {
        var text = name(units.base)
        let other = name(units.modifier)
        switch units.combination {
        case .division where !other.isEmpty: text += "/" + other
        case .product where !other.isEmpty: text += "·" + other
        default: break
        }
        if rates.indices.contains(Int(units.rate)) { text += rates[Int(units.rate)] }
        guard units.isPercentage else { return text }
        return text.isEmpty ? "%" : "% " + text
    }

    private static func name(_ code: UInt8) -> String {
        names.indices.contains(Int(code)) ? names[Int(code)] : ""
    }

    private static let rates: [String] = ["", "/µs", "/ms", "/s", "/min", "/h", "/d"]

    // IPMI v2.0 table 43-15.
    private static let names: [String] = [
        "", "°C", "°F", "K", "V", "A", "W", "J", "C", "VA", "nits", "lm", "lx", "cd", "kPa",
        "psi", "N", "cfm", "rpm", "Hz", "µs", "ms", "s", "min", "h", "d", "weeks", "mil", "in",
        "ft", "cu in", "cu ft", "mm", "cm", "m", "cm³", "m³", "l", "fl oz", "rad", "sr", "rev",
        "cycles", "g", "oz", "lb", "ft lb", "oz in", "G", "Gb", "H", "mH", "F", "µF", "Ω", "S",
        "mol", "Bq", "ppm", "", "dB", "dBA", "dBC", "Gy", "Sv", "K", "bit", "kbit", "Mbit",
        "Gbit", "B", "kB", "MB", "GB", "words", "dwords", "qwords", "lines", "hits", "misses",
        "retries", "resets", "overflows", "underruns", "collisions", "packets", "messages",
        "characters", "errors", "correctable errors", "uncorrectable errors", "fatal errors",
        "g",
    ]
}
