internal import NIOCore

/// What a host on a command line or in a request stands for.
enum ListenAddress {
    /// Whether a host is an address in digits, which stands for itself.
    static func isAddress(_ host: String) -> Bool {
        (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }
}
