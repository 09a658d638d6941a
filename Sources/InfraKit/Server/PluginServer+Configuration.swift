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
        /// How many connections may be open, and one more. Beyond it the one is closed that has kept
        /// us waiting longest for a request; where calls are worked on over all, further ones wait
        /// to be accepted. Keep it below the process's limit of open files.
        public var maximumConnections = 2048
        /// How many connections one IP address may have open, in the same way; one more is closed
        /// if calls are worked on over all. Clients on a Unix socket have no address.
        public var maximumConnectionsPerAddress = 1024
        /// How much of all requests' bodies is kept together, in bytes, beside the first 16 KiB of
        /// each; a request beyond it is answered 503. Those of one IP address get half at most.
        public var maximumBodiesSize = 32 << 20
        /// The host names under which clients on TCP may address the plugin, beside addresses and
        /// the name that is listened on.
        public var hostNames: [String] = []
        /// What clients on TCP have to show with every request. Nil: nothing, and then only on a
        /// loopback address.
        public var token: ListenToken?
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
