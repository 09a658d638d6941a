/// How long a BMC may take.
public struct RedfishTimeouts: Sendable, Hashable {
    /// For the connection, TLS handshake included.
    public var connect: Duration
    /// For one whole request. Some BMCs take 30 s for a cold resource.
    public var request: Duration
    /// How long until an image that was put in is shown in its drive, or one that was taken out no
    /// more: many BMCs fetch and check it first.
    public var media: Duration = .seconds(60)

    public init(connect: Duration = .seconds(5), request: Duration = .seconds(30)) {
        self.connect = connect
        self.request = request
    }
}
