extension PluginServer {
    /// How a plugin is served.
    public struct Configuration: Sendable {
        /// The one object that is served: `.` without a type, or a type such as `compute`, which
        /// users address as `NAME/compute`. The empty type is served under either.
        public var objectName = "."
        /// Whether the handshake names the metadata interface, so that clients ask for it.
        public var advertisesMetadata = false
        /// Further JSON-RPC methods by name. A method of InfraKit's keeps its name.
        public var additionalMethods: [String: AdditionalMethod] = [:]
        /// The longest body of a request, in bytes; a longer one is answered 413.
        public var maximumBodySize = 1 << 20
        /// How many connections may be open; further ones wait to be accepted. Keep it below the
        /// process's limit of open files.
        public var maximumConnections = 2048
        /// How large a request's line and header fields may be together, in bytes; the connection of
        /// a larger one is closed. Go's client sends some 200.
        public var maximumHeadSize = 64 << 10
        /// How long a request may take from its first byte to its last; then the connection is
        /// closed. Time in which an earlier request of the connection is worked on doesn't count.
        /// InfraKit's client gives up after 15 s (docker/infrakit, `pkg/rpc/client`).
        public var requestTimeout: Duration = .seconds(30)
        /// How long a client may take to read an answer; then the connection is closed.
        public var answerTimeout: Duration = .seconds(60)
        /// How long a client may take to read its answer when the server is being stopped.
        public var stopTimeout: Duration = .seconds(5)
        /// How long a connection may be silent while no call is in flight on it: between calls, or
        /// in the middle of a request.
        public var idleTimeout: Duration = .seconds(120)
        /// How long a graceful shutdown waits for the calls in flight before it drops their
        /// connections. The calls themselves go on: see ``PluginServer/waitForCalls()``.
        public var shutdownLimit: Duration = .seconds(10)

        public init() {}
    }
}
