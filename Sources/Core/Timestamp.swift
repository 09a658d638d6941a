public import Foundation

extension Date {
    /// The date as state files, logs and answers write it: `2026-01-31T12:00:00Z`.
    public var timestamp: String {
        formatted(Date.ISO8601FormatStyle())
    }

    /// Reads what ``timestamp`` writes (RFC 3339).
    public init?(timestamp: String) {
        // A state may have 100,000 of them.
        if let seconds = Self.seconds(ofTimestamp: timestamp.utf8) {
            self.init(timeIntervalSince1970: TimeInterval(seconds))
            return
        }
        guard let date = try? Date(timestamp, strategy: Date.ISO8601FormatStyle()) else {
            return nil
        }
        self = date
    }

    /// Reads a valid date in just the form that ``timestamp`` writes, from 1970 on; nil for others.
    private static func seconds(ofTimestamp text: String.UTF8View) -> Int? {
        var fields = [0]
        for (index, byte) in text.enumerated() {
            switch (index, byte) {
            case (4, UInt8(ascii: "-")), (7, UInt8(ascii: "-")), (10, UInt8(ascii: "T")),
                (13, UInt8(ascii: ":")), (16, UInt8(ascii: ":")):
                fields.append(0)
            case (19, UInt8(ascii: "Z")): break
            case (4, _), (7, _), (10, _), (13, _), (16, _), (19..., _): return nil
            case (_, UInt8(ascii: "0")...UInt8(ascii: "9")):
                fields[fields.count - 1] = fields[fields.count - 1] * 10 + Int(byte & 0xF)
            default: return nil
            }
        }
        guard fields.count == 6, text.count == 20 else { return nil }
        let (year, month) = (fields[0], fields[1])
        guard year >= 1970, (1...12).contains(month),
            (1...days(inMonth: month, of: year)).contains(fields[2]), fields[3] < 24,
            fields[4] < 60, fields[5] < 60
        else { return nil }
        let before = year - 1
        var days = 365 * (year - 1970) + (before / 4 - before / 100 + before / 400) - 477
        for earlier in 1..<month { days += Self.days(inMonth: earlier, of: year) }
        days += fields[2] - 1
        return ((days * 24 + fields[3]) * 60 + fields[4]) * 60 + fields[5]
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2:
            let isLeap =
                year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
            return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }
}
