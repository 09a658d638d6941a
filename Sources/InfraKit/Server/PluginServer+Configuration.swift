public import Core

extension PluginServer {
    /// How a plugin is served.
    public struct Configuration: Sendable {
        /// The one object that is served: `.` without a type, or a type such as `compute`, which
        /// users address as `NAME/compute`. The empty type is served under either.
        public var objectName = "."
        /// Whether the handshake names the metadata interface, so that clients ask for it.
        public var advertisesMetadata = false
        /// Further JSON-RPC methods by name; each gets the request's params as an object. A method
        /// of InfraKit's keeps its name.
        public var additionalMethods: [String: @Sendable (JSON) async throws -> JSON] = [:]
        /// The longest body of a request, in bytes; a longer one is answered 413.
        public var maximumBodySize = 1 << 20
        /// How many connections may be open; further ones wait to be accepted. Keep it below the
        /// process's limit of open files.
        public var maximumConnections = 2048
        /// How long a connection may be silent while no call is in flight on it: between calls, or
        /// in the middle of a request.
        public var idleTimeout: Duration = .seconds(120)
        /// How long a graceful shutdown waits for the calls in flight before it drops their
        /// connections. The calls themselves go on: see ``PluginServer/waitForCalls()``.
        public var shutdownLimit: Duration = .seconds(10)

        public init() {}
    }
}
