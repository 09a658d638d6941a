/// What a server answered. A redirect is an answer too: it is never followed.
public struct HTTPResponse: Sendable, Hashable {
    public let status: Int
    public let headers: HTTPHeaders
    /// Without the content codings and the chunks in which it came, of which ``headers`` tells.
    public let body: [UInt8]
    /// Whether the request was sent twice, because a connection that had carried another broke
    /// under it.
    public let wasRepeated: Bool
    /// Whether it came over a connection that had carried another exchange.
    public let wasReused: Bool

    public init(
        status: Int, headers: HTTPHeaders = [:], body: [UInt8] = [], wasRepeated: Bool = false,
        wasReused: Bool = false
    ) {
        self.wasRepeated = wasRepeated
        self.wasReused = wasReused
        self.status = status
        self.headers = headers
        self.body = body
    }
}
