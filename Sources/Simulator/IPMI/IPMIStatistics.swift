/// What a BMC counted of IPMI since it was started.
public struct IPMIStatistics: Sendable, Hashable {
    /// Datagrams that came through to the BMC, of whatever kind.
    public internal(set) var datagrams = 0
    /// Datagrams that were dropped: not authentic, of no session, taken before, or not IPMI.
    public internal(set) var droppedDatagrams = 0
    /// Commands carried out or refused.
    public internal(set) var requests = 0
    /// Repetitions of a command, answered from memory and not carried out again.
    public internal(set) var repeatedRequests = 0
    /// Sessions opened.
    public internal(set) var sessions = 0
    /// Sessions that are open now.
    public internal(set) var openSessions = 0
    /// The most sessions that were open at one time.
    public internal(set) var mostSessions = 0
    /// Steps of a session's opening that were refused.
    public internal(set) var refusedOpenings = 0
    /// Chassis Control commands that the system took.
    public internal(set) var powerCommands = 0
}
