import Core
import Simulator
import Testing

@testable import IPMI

/// A simulated BMC whose device is off, and a provider that speaks to it over a socket.
enum ProviderRack {
    /// Beside `admin`, whose password is `hush`.
    private static let users = [
        SimulatedIPMIUser(name: "watcher", password: Secret("hush-w"), privilege: .user),
        SimulatedIPMIUser(name: "switcher", password: Secret("hush-s"), privilege: .operator),
    ]

    /// Runs a body with both, and ends them whatever happens.
    static func with(
        _ body: (SimulatedBMC, IPMIProvider) async throws -> Void
    ) async throws {
        var configuration = RackConfiguration(count: 1)
        configuration.protocols = .ipmi
        configuration.credentials = Credentials(username: "admin", password: Secret("hush"))
        configuration.initialPower = .off
        configuration.ipmi.users = users
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        var timing = IPMITiming()
        timing.firstTimeout = .milliseconds(100)
        timing.longestTimeout = .milliseconds(100)
        let provider = IPMIProvider(connections: IPMINetwork(timing: timing), logger: .silent)
        let result: Result<Void, any Error>
        do {
            try await body(try #require(rack.bmcs.first), provider)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await provider.shutdown()
        await rack.shutdown()
        try result.get()
    }
}
