/// Which certificates of a server are accepted. Connections made under one trust serve no request
/// with another.
public enum HTTPTrust: Sendable, Hashable {
    /// What the system's authorities vouch for, for the URL's host.
    case system
    /// What the authorities in a PEM file vouch for, for the URL's host.
    case authorities(file: String)
    /// The one certificate whose DER form has this SHA-256, whoever issued it, to whatever name
    /// and for whatever time.
    case certificate(sha256: [UInt8])
    /// Any: whoever is on the way can read and change what is sent.
    case anything
}
