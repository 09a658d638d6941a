internal import NIOCore
internal import NIOPosix

/// Finds the addresses of host names, on threads of its own, since the system's resolver blocks.
final class HostResolver {
    private let loop: any EventLoop
    private var pool: NIOThreadPool?

    /// How many names are looked up at one time.
    private static let threadCount = 8

    init(loop: any EventLoop) {
        self.loop = loop
    }

    deinit {
        pool?.shutdownGracefully { _ in }
    }

    /// Calls back on the event loop, at once for an address in digits.
    func resolve(
        _ endpoint: IPMIEndpoint,
        _ done: @escaping (Result<SocketAddress, IPMIFailure>) -> Void
    ) {
        let (host, port) = (endpoint.host, endpoint.port)
        if let address = try? SocketAddress(ipAddress: host, port: port) {
            done(.success(address))
            return
        }
        let pool = startedPool()
        pool.runIfActive(eventLoop: loop) {
            try SocketAddress.makeAddressResolvingHost(host, port: port)
        }.assumeIsolated().whenComplete { result in
            done(
                result.mapError { error in
                    IPMIFailure.unresolved(host: host, String(describing: error))
                })
        }
    }

    private func startedPool() -> NIOThreadPool {
        if let pool { return pool }
        let pool = NIOThreadPool(numberOfThreads: Self.threadCount)
        pool.start()
        self.pool = pool
        return pool
    }
}

extension IPMIEndpoint {
    /// Whether the host is an address in digits, which stands for itself.
    var isAddress: Bool {
        (try? SocketAddress(ipAddress: host, port: port)) != nil
    }
}
