extension String {
    /// The text as one line that a terminal shows as it is: what others wrote (tags, reasons, a
    /// BMC's words) must not move the cursor, begin a line of its own or turn the reading direction.
    /// Control characters, line separators and format characters become escapes such as `\n` and
    /// `\u{1b}`; the two joiners that scripts and emoji are written with stay.
    public var printable: String { escaped { $0.isShown } }

    /// ``printable``, but for the ends of its lines.
    public var printableLines: String { escaped { $0 == "\n" || $0.isShown } }

    private func escaped(unless isKept: (Unicode.Scalar) -> Bool) -> String {
        guard !utf8.allSatisfy({ 0x20..<0x7F ~= $0 }), !unicodeScalars.allSatisfy(isKept) else {
            return self
        }
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if isKept(scalar) {
                text.append(scalar)
            } else {
                text.append(contentsOf: scalar.spelt.unicodeScalars)
            }
        }
        return String(text)
    }
}

extension Unicode.Scalar {
    /// Whether a terminal shows a character for it, or it joins two that are shown.
    var isShown: Bool {
        if 0x20..<0x7F ~= value { return true }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return false
        case .format: return value == 0x200C || value == 0x200D
        default: return true
        }
    }

    fileprivate var spelt: String {
        switch self {
        case "\n": #"\n"#
        case "\r": #"\r"#
        case "\t": #"\t"#
        default: #"\u{"# + String(value, radix: 16) + "}"
        }
    }
}
