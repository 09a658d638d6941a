internal import Core
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import Locking

/// A rack of pretend BMCs, served from fixtures.
///
/// All BMCs of a process share its event loops; one that nobody talks to costs a listening socket
/// and a few kilobytes.
public final class SimulatedRack: Sendable {
    /// How many BMCs one rack may have: so many loopback addresses are set apart.
    public static let maximumCount = LoopbackAddress.count

    /// The BMCs, in the order of their numbers.
    public let bmcs: [SimulatedBMC]

    /// The certificate to trust the BMCs by, as PEM; empty if they speak plain HTTP.
    public let caPEM: String

    private let settings: RackSettings

    /// The account of every BMC.
    var credentials: Credentials? { settings.configuration.credentials }

    /// How many ports are tried before giving up.
    private static let attempts = 16

    /// - Throws: ``SimulatorError/badConfiguration(_:)``, or what hinders the making of a
    ///   certificate.
    public init(_ configuration: RackConfiguration) throws {
        guard (0...Self.maximumCount).contains(configuration.count) else {
            throw SimulatorError.badConfiguration(
                "a rack has 0 to \(Self.maximumCount) BMCs, not \(configuration.count)")
        }
        settings = try RackSettings(configuration)
        caPEM = settings.authority?.pem ?? ""
        let fixtures =
            configuration.fixtures.isEmpty ? [try SyntheticServer.fixture] : configuration.fixtures
        let loops = Array(MultiThreadedEventLoopGroup.singleton.makeIterator())
        var firstDevice = 0
        var bmcs: [SimulatedBMC] = []
        bmcs.reserveCapacity(configuration.count)
        for index in 0..<configuration.count {
            let fixture = fixtures[index % fixtures.count]
            bmcs.append(
                SimulatedBMC(
                    index: index, firstDevice: firstDevice, fixture: fixture, settings: settings,
                    loop: loops[index % loops.count]))
            firstDevice += fixture.systems.count
        }
        self.bmcs = bmcs
    }

    /// Has all BMCs listen. Raise the limit on open files first: ``OpenFileLimit/raise()``.
    ///
    /// - Throws: ``SimulatorError``; no BMC listens then, unless the rack had been started before.
    public func start() async throws {
        guard !bmcs.isEmpty else { return }
        guard !bmcs.contains(where: { $0.withWire(\.isPluggedIn) }) else {
            throw SimulatorError.badConfiguration("the rack has been started already")
        }
        let configuration = settings.configuration
        for attempt in 1... {
            do {
                try await listen()
                return
            } catch {
                await unplug()
                let isTaken = (error as? IOError)?.errnoCode == EADDRINUSE
                // A port that was free at the first address may be taken at another one.
                if isTaken, configuration.port == 0, attempt < Self.attempts { continue }
                throw SimulatorError.cannotListen(
                    "\(configuration.count) simulated BMCs can't listen: \(error)")
            }
        }
    }

    /// Unplugs all BMCs and lets go what is held at their gates.
    public func shutdown() async {
        await unplug()
        for bmc in bmcs {
            let gates = bmc.withWire { wire in
                defer {
                    wire.gates = []
                    wire.hook = nil
                }
                return wire.gates
            }
            for gate in gates { gate.open(.drop) }
        }
    }

    /// Has every request to every BMC go through `hook`; nil for none.
    public func onRequest(_ hook: RequestHook?) {
        for bmc in bmcs { bmc.onRequest(hook) }
    }

    private func unplug() async {
        // All at once: waiting for one after the other takes seconds for thousands.
        for closed in bmcs.flatMap({ $0.beginUnplugging() }) { try? await closed.get() }
    }

    private func listen() async throws {
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
        let first = bmcs[0]
        let block = settings.configuration.port == 0 ? Self.takeBlock(of: bmcs.count) : 0
        try await first.listen(
            host: LoopbackAddress.of(block), port: settings.configuration.port
        ).get()
        let port = first.port
        try await listen(Array(bmcs.dropFirst())) { (LoopbackAddress.of(block + $0.index), port) }
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
        try await listen(bmcs) { ("127.0.0.1", port == 0 ? 0 : port + $0.index) }
    }

    private func listen(
        _ bmcs: [SimulatedBMC], at place: (SimulatedBMC) -> (host: String, port: Int)
    ) async throws {
        guard let loop = bmcs.first?.loop else { return }
        let bound = bmcs.map { bmc in
            let (host, port) = place(bmc)
            return bmc.listen(host: host, port: port)
        }
        // All are awaited, so that none is left listening if one fails.
        for result in try await EventLoopFuture.whenAllComplete(bound, on: loop).get() {
            try result.get()
        }
    }
}
