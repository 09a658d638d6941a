/// What bounds the recording of a service, and what of it is left out.
public struct CrawlLimits: Sendable, Hashable {
    /// How many resources are read at the most.
    public var resources: Int
    /// How many bytes of bodies are kept at the most.
    public var bytes: Int
    /// How many links lie between the service root and a resource at the most.
    public var depth: Int
    /// How many entries of each log are read; nil for all.
    public var logEntries: Int?
    /// Whether schemas and registries are read, which say nothing of the machine.
    public var includesSchemas: Bool

    public init(
        resources: Int = 10_000, bytes: Int = 128 << 20, depth: Int = 24, logEntries: Int? = 20,
        includesSchemas: Bool = false
    ) {
        self.resources = resources
        self.bytes = bytes
        self.depth = depth
        self.logEntries = logEntries
        self.includesSchemas = includesSchemas
    }
}
