internal import Core
internal import Foundation
internal import HTTPClient

/// How long a BMC asks to be left alone (RFC 9110, section 10.2.3).
enum RetryAfter {
    /// The pause in an answer's `Retry-After`, in seconds or as a date; nil if there is none that
    /// makes sense. A date that has passed is no pause.
    ///
    /// A BMC's clock is often years off, so its date counts from the answer's own `Date`; only
    /// where that is missing from `now`.
    static func pause(in headers: HTTPHeaders, now: Date) -> Duration? {
        guard let text = headers["Retry-After"]?.trimmingCharacters(in: .whitespaces) else {
            return nil
        }
        if !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
            // More digits than an integer holds is longer than anybody waits.
            return .seconds(min(Int64(text) ?? .max, longest))
        }
        guard let end = date(text) else { return nil }
        let start = headers["Date"].flatMap(date) ?? now
        let seconds = end.timeIntervalSince(start)
        return .milliseconds(Int64((min(max(0, seconds), Double(longest)) * 1000).rounded()))
    }

    private static let longest: Int64 = 365 * 24 * 3600

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// The three forms that a recipient has to take (RFC 9110, section 5.6.7):
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and
    /// `Sun Nov  6 08:49:37 1994`.
    private static func date(_ text: String) -> Date? {
        var parts = text.split { !($0.isLetter || $0.isNumber) }.dropFirst()
        if parts.last?.uppercased() == "GMT" { parts.removeLast() }
        guard parts.count == 6,
            let month = parts.firstIndex(where: { months.contains($0.lowercased()) })
        else { return nil }
        let monthNumber = months.firstIndex(of: parts[month].lowercased()).map { $0 + 1 }
        parts.remove(at: month)
        var numbers = parts.compactMap { Int($0) }
        guard numbers.count == 5 else { return nil }
        // The year comes last where the month comes first.
        if month == 1 { numbers.insert(numbers.removeLast(), at: 1) }
        // Two digits mean the year that is not more than 50 years ahead.
        let year = numbers[1] < 100 ? numbers[1] + (numbers[1] < 70 ? 2000 : 1900) : numbers[1]
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.date(
            from: DateComponents(
                year: year, month: monthNumber, day: numbers[0], hour: numbers[2],
                minute: numbers[3], second: numbers[4]))
    }
}

/// The pauses within one call to a BMC that says that it is busy: each twice as long as the one
/// before, ten seconds at most, or what the BMC asks for, as long as they fit into the call's patience.
struct BusyPauses {
    private var left: Duration
    private var next: Duration = .milliseconds(250)
    private static let longest: Duration = .seconds(10)

    /// - Parameter patience: how long all pauses may be together.
    init(patience: Duration) {
        left = patience
    }

    /// The next pause; nil if there is no patience left for it.
    mutating func take(asked: Duration?) -> Duration? {
        let pause = max(asked ?? .zero, asked == nil ? next : .milliseconds(50))
        guard pause <= left else { return nil }
        left -= pause
        next = min(next * 2, Self.longest)
        return pause
    }
}
