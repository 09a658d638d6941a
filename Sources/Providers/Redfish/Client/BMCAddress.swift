/// Where a BMC is: scheme, host and port, written one way only, so that two spellings of an
/// address share their BMC's gate.
struct BMCAddress: Hashable, Sendable {
    /// `https://10.0.1.7`, without a slash at the end.
    let url: String

    init(_ text: String) {
        var url = text.lowercased()
        while url.hasSuffix("/") { url.removeLast() }
        for (scheme, port) in [("https://", ":443"), ("http://", ":80")]
        where url.hasPrefix(scheme) && url.hasSuffix(port) {
            let host = url.dropLast(port.count)
            // In `[2001:db8::80]` the same text is part of the address.
            if !host.contains("[") || host.hasSuffix("]") { url = String(host) }
        }
        self.url = url
    }

    /// The path, with its query, that a link of this BMC stands for (DSP0266, resource
    /// identifier property).
    ///
    /// A link is a path. Some services write the whole URL; that is accepted if it is the BMC's
    /// own, for credentials go to no other host. Returns nil for anything else.
    func path(of link: String) -> String? {
        var path = link[...]
        if link.lowercased().hasPrefix(url + "/") { path = link.dropFirst(url.count) }
        // The part behind "#" addresses within a resource and is not sent (RFC 9110, section 7.1).
        path = path.prefix { $0 != "#" }
        guard path.hasPrefix("/"), !path.hasPrefix("//") else { return nil }
        return path.utf8.reduce(into: "") { encoded, byte in
            // Ids with blanks or other signs are seen unencoded in links.
            if byte > 0x20, byte < 0x7F, !#""<>\^`{|}"#.utf8.contains(byte) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
    }

    /// The last segment of a path.
    static func lastSegment(of path: String) -> String {
        let segments = path.prefix { $0 != "?" }.split(separator: "/")
        return segments.last.map(String.init) ?? path
    }
}
