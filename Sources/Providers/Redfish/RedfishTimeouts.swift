/// How long a BMC may take.
public struct RedfishTimeouts: Sendable, Hashable {
    /// For the connection, TLS handshake included.
    public var connect: Duration
    /// For one whole request. Some BMCs take 30 s for a cold resource.
    public var request: Duration
    /// For a silence within an answer, once it has begun.
    public var stall: Duration

    public init(
        connect: Duration = .seconds(5), request: Duration = .seconds(30),
        stall: Duration = .seconds(10)
    ) {
        self.connect = connect
        self.request = request
        self.stall = stall
    }
}
