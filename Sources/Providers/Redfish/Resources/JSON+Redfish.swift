internal import Core

/// Tolerant reading of a resource's properties: what is missing, null or of another type counts as
/// not said (DSP0266, a service may leave out what it does not implement).
extension JSON {
    /// The text under `key` for a person to read: one line without control characters and without
    /// blanks around it; nil if nothing is left.
    func text(_ key: String) -> String? {
        let text = self[key]?.string?.readable(limit: 500)
        return text?.isEmpty == true ? nil : text
    }

    /// A positive number under `key`. BMCs write 0 for what they have not found out, for example
    /// while the host is off (`openbmc-stock`), and some write numbers as text: `"64"`, `"64 GiB"`.
    func positive(_ key: String) -> Double? {
        numeric(key).flatMap { $0 > 0 ? $0 : nil }
    }

    /// A number under `key`, also one that is written as text.
    func numeric(_ key: String) -> Double? {
        let number =
            self[key]?.number ?? self[key]?.string.flatMap { Quantity($0, for: key) }?.value
        return number.flatMap { $0.isFinite ? $0 : nil }
    }

    /// A positive whole number under `key`; see ``positive(_:)``.
    func positiveInteger(_ key: String) -> Int? {
        positive(key).flatMap { Int(exactly: $0.rounded()) }
    }

    /// The texts of the array under `key`; nil if there is none. A bare text counts as an array of
    /// one, or of as many as commas separate.
    func texts(_ key: String) -> [String]? {
        if let text = self[key]?.string {
            return text.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        }
        return self[key]?.array?.compactMap(\.string)
    }

    /// The link in the object under `key`: `{"@odata.id": "/redfish/v1/…"}` (DSP0266, link property). A bare
    /// string counts, as some links are written so.
    func link(_ key: String) -> String? {
        self[key]?.link
    }

    /// The links under `key`, which holds an array of them, or one.
    func links(_ key: String) -> [String] {
        switch self[key] {
        case .array(let elements): elements.compactMap(\.link)
        case let single: single?.link.map { [$0] } ?? []
        }
    }

    /// The links under `key` in the object itself, else in its `Links`, or in what came before
    /// these in Redfish's first drafts: `links`, with `href` for `@odata.id`.
    func nestedLinks(_ key: String) -> [String] {
        for place in [self, self["Links"], self["links"]] {
            if let found = place?.links(key), !found.isEmpty { return found }
        }
        return []
    }

    /// Whether a resource says of itself that it is switched off (DSP2046 `Resource.PowerState`).
    var isSwitchedOff: Bool { text("PowerState")?.lowercased() == "off" }

    private var link: String? {
        let link = string ?? self["@odata.id"]?.string ?? self["href"]?.string
        return link?.isEmpty == true ? nil : link
    }
}
