/// Where a plugin listens.
public enum PluginListener: Sendable, Hashable {
    /// On a Unix socket in the plugin directory, whose file name is the plugin's name.
    case socket
    /// On a TCP port, 0 for any free one; clients find it by a file `NAME.listen`.
    ///
    /// `advertise` (`host:port`) is the address that the file tells, for clients that reach the
    /// plugin by another than the one it listens on; nil for the same one. There is no TLS. Without
    /// a token (see ``PluginServer/Configuration/token``) whoever reaches the port commands the pool,
    /// but for web pages, so that only a loopback address is listened on.
    case tcp(host: String, port: Int, advertise: String? = nil)

    /// Whether only this machine reaches what listens on a host: 127.0.0.0/8, ::1 (RFC 6890), or
    /// the name for them (RFC 6761, 6.3).
    public static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
