internal import Core
internal import Hummingbird
internal import HummingbirdCore
internal import Locking
public import Logging
internal import NIOCore
public import ServiceLifecycle

/// Serves a plugin to InfraKit's clients: JSON-RPC 2.0 over HTTP, on a Unix socket or a TCP port
/// that they find in the plugin directory.
///
/// Beside the socket `NAME` lies `NAME.pid` with this process's id, locked while the plugin is
/// served; in TCP mode `NAME.listen` holds the address instead of the socket. All are removed at
/// the end, if they are still ours.
public final class PluginServer: Service {
    private struct State {
        var hasRun = false
        var failure: (any Error)?
    }

    // Go's dialer never waits for room in a full queue of a Unix socket: it fails with EAGAIN. The
    // kernel cuts it to net.core.somaxconn, 4,096 unless set otherwise.
    private static let backlog = 4096

    private let name: String
    private let directory: String
    private let listener: PluginListener
    private let configuration: Configuration
    private let responder: PluginResponder
    private let onListening: @Sendable (String) async -> Void
    private let logger: Logger
    private let calls = CallTracker()
    private let state = Mutex(State())

    /// - Parameters:
    ///   - name: the plugin's name, by which users address it and which its files bear.
    ///   - directory: the plugin directory; made, open to its owner alone, if it is missing.
    ///   - onListening: called once clients can find the plugin, with the socket's path or the
    ///     advertised `tcp://host:port`. Their connections are accepted when it has returned.
    public init(
        name: String, directory: String = PluginDirectory.path(), listen: PluginListener = .socket,
        plugin: some InstancePlugin, configuration: Configuration = .init(), logger: Logger,
        onListening: @escaping @Sendable (String) async -> Void = { _ in }
    ) {
        self.name = name
        self.directory = directory
        self.listener = listen
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
        responder = PluginResponder(
            dispatcher: PluginDispatcher(
                plugin: plugin, objectName: configuration.objectName,
                advertisesMetadata: configuration.advertisesMetadata,
                additionalMethods: configuration.additionalMethods, logger: logger),
            calls: calls, maximumBodySize: configuration.maximumBodySize,
            bodies: BodyBudget(limit: configuration.maximumBodiesSize),
            asksForToken: configuration.token != nil)
    }

    /// How many calls are being worked on, those included whose client has gone away.
    public var callsInFlight: Int { calls.inFlight }

    /// Returns when no call is in flight, or when the calling task is cancelled. Calls outlive their
    /// connections and ``run()``: await this before the process ends.
    public func waitForCalls() async {
        await calls.waitUntilIdle()
    }

    /// Serves until a graceful shutdown or the task's cancellation.
    ///
    /// At a graceful shutdown it stops listening, closes idle connections at once, and waits for the
    /// calls in flight as long as the configuration says.
    /// - Throws: ``PluginServerError``.
    public func run() async throws {
        let isFirst = state.withLock { state in
            defer { state.hasRun = true }
            return !state.hasRun
        }
        guard isFirst else { throw PluginServerError.alreadyRan }
        if let objection = PluginServerError.objection(to: listener, token: configuration.token) {
            throw objection
        }
        let registration = try PluginRegistration(name: name, directory: directory, logger: logger)
        defer { registration.remove() }
        let application = try application(registration)
        do {
            try await serve(application)
        } catch {
            throw state.withLock { $0.failure } ?? explained(error)
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        logger.info("stopped serving", metadata: ["plugin": "\(name)"])
    }
}

// MARK: - Listening

extension PluginServer {
    private func application(
        _ registration: PluginRegistration
    ) throws(PluginServerError) -> Application<PluginResponder> {
        let address: BindAddress
        switch listener {
        case .socket: address = .unixDomainSocket(path: try registration.prepareSocket())
        case .tcp(let host, let port, _): address = .hostname(host, port: port)
        }
        // Hummingbird names the address before the socket is in its place.
        var quiet = logger
        quiet.logLevel = max(.warning, logger.logLevel)
        let limits = ClientLimits.Settings(
            request: TimeAmount(configuration.requestTimeout),
            answer: TimeAmount(configuration.answerTimeout),
            maximumHeadSize: configuration.maximumHeadSize)
        let register = ClientRegister(
            maximum: configuration.maximumConnections,
            maximumPerAddress: configuration.maximumConnectionsPerAddress)
        let door = door
        return Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        DrainBeforeClose(stopLimit: TimeAmount(self.configuration.stopTimeout)),
                        ClientLimits.Installer(
                            limits, register: register, door: door, logger: self.logger),
                    ], idleTimeout: TimeAmount(configuration.idleTimeout))),
            configuration: ApplicationConfiguration(
                address: address, backlog: Self.backlog,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    // One more, to see whether another can go for it.
                    configuration.maximumConnections + 1, logger: quiet)),
            onServerRunning: { channel in await self.begin(channel, registration) },
            logger: quiet)
    }

    /// What is asked of whoever comes; nil on a Unix socket, which is its owner's.
    private var door: (TCPDoor, DoorLog)? {
        guard case .tcp(let host, _, let advertise) = listener else { return nil }
        let advertised = advertise.map { String($0.prefix { $0 != ":" }) }
        let names = configuration.hostNames + [host] + (advertised.map { [$0] } ?? [])
        return (TCPDoor(names: names, token: configuration.token), DoorLog(logger))
    }

    private func begin(_ channel: any Channel, _ registration: PluginRegistration) async {
        do {
            try await channel.eventLoop.submit { [logger] in
                try channel.pipeline.syncOperations.addHandler(
                    AcceptPause(logger: logger), position: .first)
            }.get()
            let address = try publish(channel, registration)
            logger.info("serving", metadata: ["plugin": "\(name)", "address": "\(address)"])
            await onListening(address)
        } catch {
            state.withLock { $0.failure = error }
            // The only way to end a server of Hummingbird's from here.
            channel.close(promise: nil)
        }
    }

    private func publish(
        _ channel: any Channel, _ registration: PluginRegistration
    ) throws(PluginServerError) -> String {
        switch listener {
        case .socket:
            return try registration.publishSocket()
        case .tcp(let host, let port, let advertise):
            let actual = channel.localAddress?.port ?? port
            let literal = host.contains(":") ? "[\(host)]" : host
            let address = "tcp://\(advertise ?? "\(literal):\(actual)")"
            try registration.publish(address: address)
            return address
        }
    }

    private func explained(_ error: any Error) -> any Error {
        let isOurs = error is PluginServerError || error is CancellationError
        if isOurs { return error }
        let address =
            switch listener {
            case .socket: "\(directory)/\(name)"
            case .tcp(let host, let port, _): "\(host):\(port)"
            }
        return PluginServerError.cannotListen(address: address, reason: "\(error)")
    }
}

// MARK: - Shutting down

extension PluginServer {
    private enum Ending {
        case served
        case limitReached
    }

    private func serve(_ application: Application<PluginResponder>) async throws {
        try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask {
                try await application.run()
                return .served
            }
            group.addTask { [limit = configuration.shutdownLimit] in
                do {
                    try await gracefulShutdown()
                    try await Task.sleep(for: limit)
                    return .limitReached
                } catch {
                    return .served
                }
            }
            guard try await group.next() == .limitReached else {
                group.cancelAll()
                return
            }
            logger.warning(
                "calls are still in flight; their connections are dropped, the calls go on",
                metadata: ["plugin": "\(name)", "calls": "\(callsInFlight)"])
            group.cancelAll()
            // It throws the cancellation that it was ended by.
            _ = try? await group.next()
        }
    }
}
