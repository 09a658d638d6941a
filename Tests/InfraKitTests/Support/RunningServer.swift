import InfraKit
import Logging
import ServiceLifecycle

/// A plugin server that runs as the daemon runs it.
struct RunningServer {
    let server: PluginServer
    let address: String
    private let group: ServiceGroup
    private let task: Task<Void, any Error>

    /// Returns when the server can be reached.
    init(
        _ plugin: some InstancePlugin, name: String = "rack", in directory: TemporaryDirectory,
        listen: PluginListener = .socket, configuration: PluginServer.Configuration = .init(),
        logger: Logger = .silent
    ) async throws {
        let (addresses, continuation) = AsyncStream<String>.makeStream()
        server = PluginServer(
            name: name, directory: directory.path, listen: listen, plugin: plugin,
            configuration: configuration, logger: logger,
            onListening: { continuation.yield($0) })
        let group = ServiceGroup(services: [server], logger: logger)
        let task = Task {
            defer { continuation.finish() }
            try await group.run()
        }
        self.group = group
        self.task = task
        var first: String?
        for await address in addresses {
            first = address
            break
        }
        // Without an address it ended before it began, and says why.
        guard let first else {
            try await task.value
            throw CancellationError()
        }
        address = first
    }

    func beginShutdown() async {
        await group.triggerGracefulShutdown()
    }

    func waitUntilStopped() async throws {
        try await task.value
    }

    func stop() async throws {
        await beginShutdown()
        try await waitUntilStopped()
    }
}

/// Runs `body` against a server, and stops it.
func withServer(
    _ plugin: some InstancePlugin, configuration: PluginServer.Configuration = .init(),
    _ body: (RunningServer, TemporaryDirectory) async throws -> Void
) async throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let running = try await RunningServer(
        plugin, in: directory, configuration: configuration)
    do {
        try await body(running, directory)
    } catch {
        try? await running.stop()
        throw error
    }
    try await running.stop()
}
