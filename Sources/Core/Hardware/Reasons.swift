/// How much is kept of what a BMC says about why a device is not well: what a person can act on, and
/// no more than fits into every log, history and state that it goes to.
enum Reasons {
    /// How many are kept.
    static let maximumCount = 32
    /// How long one may be, in bytes.
    static let maximumLength = 400

    /// The first of them, each cut; the last says how many are left out.
    static func bounded(_ reasons: [String]) -> [String] {
        let surplus = reasons.count - maximumCount
        guard surplus > 0 else { return reasons.map { $0.cut(to: maximumLength) } }
        // They may have been bounded before, and then added to.
        return reasons.prefix(maximumCount - 1).map { $0.cut(to: maximumLength) }
            + ["\(surplus + 1) more"]
    }
}

extension String {
    /// The text if it has at most so many bytes in UTF-8, else its beginning and an ellipsis.
    func cut(to maximum: Int) -> String {
        guard utf8.count > maximum else { return self }
        let ellipsis = "…"
        var size = ellipsis.utf8.count
        var kept = String.UnicodeScalarView()
        // Not by characters: one may consist of any number of scalars.
        for scalar in unicodeScalars {
            size += UTF8.width(scalar)
            guard size <= maximum else { break }
            kept.append(scalar)
        }
        return String(kept) + ellipsis
    }
}
