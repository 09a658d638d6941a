/// How the path of a resource is written so that two spellings of it compare equal.
enum ResourcePath {
    /// The service root's path (DSP0266, "Redfish-defined URIs").
    static let root = "/redfish/v1"

    /// The path without query, fragment and trailing slashes. Recorded links come with all three:
    /// `/redfish/v1/`, `/redfish/v1/Chassis/1/Power#/PowerSupplies/0`.
    static func canonical(_ link: some StringProtocol) -> String {
        let end = link.utf8.firstIndex { $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "?") }
        var path = String(link[..<(end ?? link.endIndex)])
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        return path
    }

    /// The path as ``canonical(_:)`` writes it, with its query: a collection's later pages differ
    /// in that alone.
    static func withQuery(_ link: String) -> String {
        guard let mark = link.firstIndex(of: "?") else { return canonical(link) }
        return canonical(link) + link[mark...].prefix { $0 != "#" }
    }
}
