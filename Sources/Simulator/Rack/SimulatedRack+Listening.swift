internal import Foundation
internal import Locking
internal import NIOCore
internal import NIOPosix

/// Where the BMCs listen.
extension SimulatedRack {
    /// Has all BMCs listen.
    func listen() async throws {
        switch settings.configuration.addressing {
        case .ports: try await listenOnPorts()
        case .addresses: try await listenOnAddresses()
        case .automatic:
            do {
                try await listenOnAddresses()
            } catch let error as IOError where error.errnoCode == EADDRNOTAVAIL {
                try await listenOnPorts()
            }
        }
    }

    private func listenOnAddresses() async throws {
        let (port, ipmi) = (settings.configuration.port, settings.configuration.ipmi)
        let isChosen = port == 0 && ipmi.ports.contains(0)
        let block = isChosen ? Self.takeBlock(of: bmcs.count) : 0
        func host(_ bmc: SimulatedBMC) -> String { LoopbackAddress.of(block + bmc.index) }
        let overHTTP = bmcs.filter(\.hasRedfish)
        if let first = overHTTP.first {
            try await first.listen(host: host(first), port: port).get()
            let port = first.port
            try await all(overHTTP.dropFirst()) { $0.listen(host: host($0), port: port) }
        }
        let overUDP = bmcs.filter(\.hasIPMI)
        if let first = overUDP.first {
            let port = try await Self.firstPort(of: ipmi.ports) { port in
                try await first.listenForIPMI(host: host(first), port: port).get()
                return first.ipmiPort ?? port
            }
            try await all(overUDP.dropFirst()) { $0.listenForIPMI(host: host($0), port: port) }
        }
    }

    // Racks of one process have addresses of their own, so that an unplugged BMC finds its port
    // free when it is plugged in again.
    private static func takeBlock(of count: Int) -> Int {
        nextAddress.withLock { next in
            if next + count > LoopbackAddress.count { next = 0 }
            defer { next += count }
            return next
        }
    }

    private static let nextAddress = Mutex(0)

    private func listenOnPorts() async throws {
        let port = settings.configuration.port
        let host = "127.0.0.1"
        try await all(bmcs.filter(\.hasRedfish)[...]) {
            $0.listen(host: host, port: port == 0 ? 0 : port + $0.index)
        }
        let overUDP = bmcs.filter(\.hasIPMI)
        guard let first = overUDP.first else { return }
        let base = try await Self.firstPort(of: settings.configuration.ipmi.ports) { port in
            try await first.listenForIPMI(host: host, port: port).get()
            return port
        }
        try await all(overUDP.dropFirst()) {
            $0.listenForIPMI(host: host, port: base == 0 ? 0 : base + $0.index - first.index)
        }
    }

    /// The first of the ports that may be listened on.
    private static func firstPort(
        of ports: [Int], _ listen: (Int) async throws -> Int
    ) async throws -> Int {
        for port in ports.dropLast() {
            do {
                return try await listen(port)
            } catch let error as IOError where [EACCES, EADDRINUSE].contains(error.errnoCode) {
                continue
            }
        }
        return try await listen(ports.last ?? 0)
    }

    private func all(
        _ bmcs: ArraySlice<SimulatedBMC>, _ listen: (SimulatedBMC) -> EventLoopFuture<Void>
    ) async throws {
        guard let loop = bmcs.first?.loop else { return }
        let bound = bmcs.map(listen)
        // All are awaited, so that none is left listening if one fails.
        for result in try await EventLoopFuture.whenAllComplete(bound, on: loop).get() {
            try result.get()
        }
    }
}
