internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

extension SimulatedBMC {
    /// Pulls the network cable: connections break, and new ones are refused; datagrams find nobody.
    /// Sessions survive.
    public func unplug() async {
        for closed in beginUnplugging() {
            // It may be closed already, which is what is wanted.
            try? await closed.get()
        }
    }

    /// Does all of ``unplug()`` but wait for the sockets to be closed.
    func beginUnplugging() -> [EventLoopFuture<Void>] {
        let (channels, parked) = withWire { wire in
            wire.isPluggedIn = false
            wire.isHanging = false
            defer {
                wire.listener = nil
                wire.ipmiChannel = nil
                wire.connections = [:]
                wire.parked = []
            }
            let listeners = [wire.listener, wire.ipmiChannel].compactMap(\.self)
            return (listeners + Array(wire.connections.values), wire.parked)
        }
        for work in parked { work(false) }
        return channels.map { $0.close() }
    }

    /// Puts the network cable back, at the same address and port.
    ///
    /// - Throws: ``SimulatorError/cannotListen(_:)`` if another program took the port meanwhile.
    public func plugIn() async throws {
        guard !withWire(\.isPluggedIn) else { return }
        let (host, port, ipmiPort) = (host, port, ipmiPort)
        do {
            if hasRedfish { try await listen(host: host, port: port).get() }
            if let ipmiPort { try await listenForIPMI(host: host, port: ipmiPort).get() }
        } catch {
            throw SimulatorError.cannotListen("\(host):\(ipmiPort ?? port): \(error)")
        }
    }

    /// Accepts connections and requests from now on, and answers nothing until ``resume()``. Over
    /// IPMI the host is silent; what comes meanwhile is lost.
    public func hang() {
        withWire { $0.isHanging = true }
    }

    /// Ends ``hang()``: what came meanwhile is dealt with now.
    public func resume() {
        let parked = withWire { wire in
            wire.isHanging = false
            defer { wire.parked = [] }
            return wire.parked
        }
        for work in parked { work(true) }
    }

    /// Listens at an address; port 0 takes a free one.
    func listen(host: String, port: Int) -> EventLoopFuture<Void> {
        let address: SocketAddress
        do {
            address = try SocketAddress(ipAddress: host, port: port)
        } catch {
            return loop.makeFailedFuture(error)
        }
        withWire { $0.isPluggedIn = true }
        // Without SO_REUSEADDR, plugging in would fail while old connections are in TIME_WAIT.
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try accept(channel) }
            }
        let bound = bootstrap.bind(to: address).map { [self] listener in
            withWire { wire in
                wire.host = host
                wire.port = listener.localAddress?.port ?? port
                wire.listener = listener
            }
        }
        bound.whenFailure { [self] _ in withWire { $0.isPluggedIn = false } }
        return bound
    }

    private func accept(_ channel: any Channel) throws {
        let id = ObjectIdentifier(channel)
        let (isWelcome, isHanging) = withWire { wire in
            guard wire.isPluggedIn else { return (false, false) }
            wire.connections[id] = channel
            wire.statistics.connections += 1
            wire.statistics.openConnections += 1
            return (true, wire.isHanging)
        }
        guard isWelcome else {
            channel.close(promise: nil)
            return
        }
        channel.closeFuture.whenComplete { [self] _ in
            withWire { wire in
                wire.connections[id] = nil
                wire.statistics.openConnections -= 1
            }
        }
        if isHanging { try deafen(channel) }
        let pipeline = channel.pipeline.syncOperations
        if let context = try tlsContext() {
            try pipeline.addHandler(NIOSSLServerHandler(context: context))
        }
        try pipeline.configureHTTPServerPipeline(withOutboundHeaderValidation: false)
        try pipeline.addHandler(ConnectionHandler(bmc: self))
    }

    // Not even the TLS handshake is answered by a BMC that hangs.
    private func deafen(_ channel: any Channel) throws {
        guard let options = channel.syncOptions else { return }
        try options.setOption(.autoRead, value: false)
        withWire { wire in
            wire.parked.append { resumed in
                if resumed { channel.setOption(.autoRead, value: true).whenComplete { _ in } }
            }
        }
    }

    private func tlsContext() throws -> NIOSSLContext? {
        guard let authority = settings.authority else { return nil }
        // BMCs that differ in their port only share one address, and with it the certificate.
        let host = host
        guard let number = LoopbackAddress.number(of: host) else {
            return try authority.context(group: -1) { [host] }
        }
        let size = CertificateAuthority.groupSize
        let group = number / size
        let numbers = (group * size)..<min((group + 1) * size, LoopbackAddress.count)
        return try authority.context(group: group) { numbers.map { LoopbackAddress.of($0) } }
    }
}
