/// What identifies a resource's present state, and must accompany a change of it where the BMC
/// insists (DSP0266, ETags; RFC 9110, section 8.8.3).
struct EntityTag: Hashable, Sendable {
    /// The spellings to try as `If-Match`, the likeliest first; never empty.
    let forms: [String]

    /// - Parameters:
    ///   - header: the answer's `ETag`.
    ///   - property: the resource's `@odata.etag`.
    /// - Returns: nil if neither says anything. Empty tags are seen, and are refused when they are
    ///   sent back (openstack/sushy, ignore-empty-string-etags).
    init?(header: String?, property: String?) {
        let issued = [header, property].compactMap(\.self)
        let read = issued.compactMap(Self.read)
        // A tag as the standard wants it; then strong, for the comparison behind If-Match is a
        // strong one, which a weak tag never passes (RFC 9110, section 13.1.1), and some BMCs say
        // so (openstack/sushy, connector.py); then as it was issued, whatever that means.
        let all =
            read.map(\.standard) + read.map(\.strong)
            + issued.map { $0.filter { !$0.isNewline } }
        var seen: Set<String> = []
        forms = read.isEmpty ? [] : all.filter { seen.insert($0).inserted }
        if forms.isEmpty { return nil }
    }

    private struct Reading {
        let standard: String
        let strong: String
    }

    /// The tag within what a BMC wrote: `W/"1"`, `"1"`, `1`, `"\"1\""`, `"W/"1""`, `"1-gzip"`.
    private static func read(_ issued: String) -> Reading? {
        var text = issued.filter { !$0.isWhitespace && !$0.isNewline && $0 != "\\" }[...]
        var isWeak = false
        while true {
            if text.hasPrefix("W/") {
                isWeak = true
                text = text.dropFirst(2)
            } else if text.hasPrefix("\"") {
                text = text.dropFirst()
            } else if text.hasSuffix("\"") {
                text = text.dropLast()
            } else if let suffix = EntityTagQuirks.suffixes.first(where: text.hasSuffix) {
                text = text.dropLast(suffix.count)
            } else {
                break
            }
        }
        guard !text.isEmpty else { return nil }
        return Reading(standard: (isWeak ? "W/" : "") + "\"\(text)\"", strong: "\"\(text)\"")
    }
}
