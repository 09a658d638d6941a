/// What a BMC counted since it was started.
public struct BMCStatistics: Sendable, Hashable {
    /// Requests received.
    public internal(set) var requests = 0
    /// Requests received and not answered or dropped yet.
    public internal(set) var requestsInFlight = 0
    /// The most requests that were in flight at one time.
    public internal(set) var mostRequestsInFlight = 0
    /// Connections accepted.
    public internal(set) var connections = 0
    /// Connections that are open now.
    public internal(set) var openConnections = 0
    /// TLS handshakes completed.
    public internal(set) var handshakes = 0
    /// Sessions opened.
    public internal(set) var sessions = 0
    /// Sessions that are open now.
    public internal(set) var openSessions = 0
    /// The most sessions that were open at one time.
    public internal(set) var mostSessions = 0
    /// Logins, and requests with Basic credentials, that were refused for what they said.
    public internal(set) var refusedLogins = 0
}
