/// A line of a BMC's request log.
public struct LoggedRequest: Sendable, Hashable, CustomStringConvertible {
    /// `GET`, `PATCH`, …
    public let method: String
    /// The path without the query, as the client wrote it.
    public let path: String

    public var description: String { "\(method) \(path)" }
}
