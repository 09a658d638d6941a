/// How long a BMC may take.
public struct RedfishTimeouts: Sendable, Hashable {
    /// For the connection, TLS handshake included.
    public var connect: Duration
    /// For one whole request. Some BMCs take 30 s for a cold resource.
    public var request: Duration
    /// How long one call pauses, all in all, for a BMC that says that it is busy (503, 429) before
    /// it gives up with `busy`.
    public var patience: Duration
    /// How long ``RedfishProvider/shutdown()`` may take to end the sessions with all BMCs. One
    /// that is not ended then ends when the BMC's own time for idle sessions is over.
    public var logout: Duration
    /// How long until an image that was put in is shown in its drive, or one that was taken out no
    /// more: many BMCs fetch and check it first.
    public var media: Duration = .seconds(60)

    public init(
        connect: Duration = .seconds(5), request: Duration = .seconds(30),
        patience: Duration = .seconds(5), logout: Duration = .seconds(5)
    ) {
        self.connect = connect
        self.request = request
        self.patience = patience
        self.logout = logout
    }
}
