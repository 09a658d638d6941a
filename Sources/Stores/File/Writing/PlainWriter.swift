internal import Core
internal import Foundation

/// Makes JSON text in the form in which we write it, with no tree in between; see ``PlainScanner``.
struct PlainWriter {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    mutating func raw(_ text: StaticString) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(
                start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func put(_ value: JSON) {
        value.encode(into: &bytes)
    }

    mutating func put(_ number: some FixedWidthInteger) {
        bytes.append(contentsOf: String(number).utf8)
    }

    mutating func put(_ string: String) {
        var string = string
        let isPlain = string.withUTF8 { text in
            guard text.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) else { return false }
            bytes.append(UInt8(ascii: "\""))
            bytes.append(contentsOf: text)
            bytes.append(UInt8(ascii: "\""))
            return true
        }
        if !isPlain { put(JSON.string(string)) }
    }

    mutating func put(_ string: String?) {
        if let string { put(string) } else { raw("null") }
    }

    /// A date as ``Foundation/Date/timestamp`` has it.
    mutating func put(_ date: Date) {
        let seconds = date.timeIntervalSince1970
        // From here to the year 9999.
        guard seconds >= 0, seconds < 253_402_300_800, seconds == seconds.rounded() else {
            return put(date.timestamp)
        }
        let (day, second) = Int(seconds).quotientAndRemainder(dividingBy: 86_400)
        let (year, month, dayOfMonth) = Self.civil(day)
        bytes.append(UInt8(ascii: "\""))
        put(year, digits: 4, then: "-")
        put(month, digits: 2, then: "-")
        put(dayOfMonth, digits: 2, then: "T")
        put(second / 3600, digits: 2, then: ":")
        put(second / 60 % 60, digits: 2, then: ":")
        put(second % 60, digits: 2, then: "Z")
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds what another program wrote into an object that has a member already.
    mutating func put(_ others: JSON?, except known: Set<String>) {
        guard let others = others?.object else { return }
        for (key, value) in others where !known.contains(key) {
            raw(",")
            put(key)
            raw(":")
            put(value)
        }
    }

    private mutating func put(_ number: Int, digits: Int, then end: Unicode.Scalar) {
        var divisor = digits == 4 ? 1000 : 10
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
        bytes.append(UInt8(ascii: end))
    }

    /// The date of a day, counted from 1970-01-01, in a calendar whose years begin in March, so that
    /// the leap day is the last of its year.
    private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        return (
            year + 400 * era + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9,
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }
}
