extension String {
    /// A BMC's text for a person: one line, without control characters, and no longer than `limit`
    /// characters. Secrets have to be out of it already: half of one is none that would be found.
    func readable(limit: Int) -> String {
        var printable = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
                printable.append(" ")
            default: printable.append(scalar)
            }
        }
        let line = String(printable).split(separator: " ").joined(separator: " ")
        return line.count > limit ? line.prefix(limit) + "…" : line
    }
}
