/// When something happens, by two clocks.
struct IPMIMoment: Sendable, Hashable {
    /// Since some fixed point; what timeouts are measured by.
    var uptime: Duration
    /// Seconds since 1970, as logs show it (IPMI v2.0 37).
    var time: UInt32
}
