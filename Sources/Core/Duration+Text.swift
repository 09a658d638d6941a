extension Duration {
    /// Reads a duration as people write it: a number and `ms`, `s`, `m` or `h`, without a space:
    /// `500ms`, `30s`, `1.5s`, `5m`. A bare `0` is zero. Nil for anything else and for negative ones.
    public init?(text: some StringProtocol) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(number), value.isFinite else { return nil }
        let milliseconds: Double
        switch text.dropFirst(number.count) {
        case "ms": milliseconds = 1
        case "s": milliseconds = 1000
        case "m": milliseconds = 60_000
        case "h": milliseconds = 3_600_000
        case "" where value == 0: milliseconds = 1
        default: return nil
        }
        guard value * milliseconds < 1e12 else { return nil }
        self = .milliseconds(Int64((value * milliseconds).rounded()))
    }

    /// The duration as ``init(text:)`` reads it, in the largest unit that needs no fraction.
    public var text: String {
        let milliseconds = self.milliseconds
        if milliseconds == 0 { return "0s" }
        if milliseconds % 3_600_000 == 0 { return "\(milliseconds / 3_600_000)h" }
        if milliseconds % 60_000 == 0 { return "\(milliseconds / 60_000)m" }
        if milliseconds % 1000 == 0 { return "\(milliseconds / 1000)s" }
        return "\(milliseconds)ms"
    }

    /// The duration in whole milliseconds.
    public var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
