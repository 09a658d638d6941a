/// How far a recording is.
public struct CrawlProgress: Sendable, Hashable {
    /// How many resources were read, those of an earlier run included.
    public var read = 0
    /// How many links brought no resource.
    public var failed = 0
    /// How many known links wait.
    public var waiting = 0
    /// How many bytes of bodies came.
    public var bytes = 0

    public init() {}
}
