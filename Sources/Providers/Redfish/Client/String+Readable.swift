extension String {
    /// A BMC's text for a person: one line, without control characters and `secrets`, and no
    /// longer than `limit`.
    func readable(without secrets: [String], limit: Int) -> String {
        var text = self
        for secret in secrets where !secret.isEmpty {
            text = text.split(separator: secret, omittingEmptySubsequences: false)
                .joined(separator: "•••")
        }
        var printable = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
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
