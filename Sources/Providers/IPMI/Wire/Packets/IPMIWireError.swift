/// Why bytes are no packet of the expected kind. Whoever reads from a socket drops the packet: what
/// comes over UDP may come from anybody.
package enum IPMIWireError: Error, Hashable, Sendable {
    /// The packet ends before the field.
    case truncated(String)
    /// A field holds what it can't hold.
    case invalid(String)
    /// A checksum or an authentication code does not match.
    case notAuthentic(String)
}
