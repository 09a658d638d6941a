/// How long a BMC may take.
public struct RedfishTimeouts: Sendable, Hashable {
    /// For the connection, TLS handshake included.
    public var connect: Duration
    /// For one whole request. Some BMCs take 30 s for a cold resource.
    public var request: Duration
    /// For a silence within an answer, once it has begun.
    public var stall: Duration
    /// How long one call pauses, all in all, for a BMC that says that it is busy (503, 429) before
    /// it gives up with `busy`.
    public var patience: Duration
    /// How long ``RedfishProvider/shutdown()`` may take to end the sessions with all BMCs. One
    /// that is not ended then ends when the BMC's own time for idle sessions is over.
    public var logout: Duration
    /// How long one change is sent again, all in all, to a BMC that says that it can't take it now:
    /// one that starts its system takes a minute.
    public var change: Duration = .seconds(60)
    /// How long until an image that was put in is shown in its drive, or one that was taken out no
    /// more: many BMCs fetch and check it first.
    public var media: Duration = .seconds(60)

    public init(
        connect: Duration = .seconds(5), request: Duration = .seconds(30),
        stall: Duration = .seconds(10), patience: Duration = .seconds(5),
        logout: Duration = .seconds(5)
    ) {
        self.connect = connect
        self.request = request
        self.stall = stall
        self.patience = patience
        self.logout = logout
    }
}
