internal import Core
internal import Foundation
internal import NIOCore
internal import NIOPosix

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

    let settings: RackSettings

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
                if isTaken, hasChoice, attempt < Self.attempts { continue }
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

    private var hasChoice: Bool {
        let configuration = settings.configuration
        return configuration.protocols == .ipmi
            ? configuration.ipmi.ports.contains(0) : configuration.port == 0
    }

    private func unplug() async {
        // All at once: waiting for one after the other takes seconds for thousands.
        for closed in bmcs.flatMap({ $0.beginUnplugging() }) { try? await closed.get() }
    }
}
