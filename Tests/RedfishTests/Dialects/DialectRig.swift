import Core
import HTTPClient
import Logging
import Redfish
import Simulator
import Testing

/// One simulated BMC in some dialects, and a provider that speaks to it.
struct DialectRig {
    let rack: SimulatedRack
    let provider: RedfishProvider
    let time = QuickTime()

    init(_ dialects: Set<Dialect>, power: PowerState? = .off) async throws {
        var configuration = RackConfiguration(count: 1)
        configuration.dialects = dialects
        configuration.initialPower = power
        configuration.powerDelay = .zero
        configuration.shutdownDelay = .zero
        rack = try SimulatedRack(configuration)
        try await rack.start()
        provider = Self.provider(time)
    }

    private static func provider(_ time: QuickTime) -> RedfishProvider {
        RedfishProvider(
            http: HTTPClient(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            time: time)
    }

    /// A provider that knows nothing of what was done before, as after a restart.
    func restartedProvider() -> RedfishProvider { Self.provider(time) }

    var device: Device { rack.devices()[0] }
    var system: SimulatedSystem { rack.bmcs[0].systems[0] }

    /// What came in, the first first: `PATCH /redfish/v1/Systems/1`.
    var lines: [String] { rack.bmcs[0].requests.map { "\($0.method) \($0.path)" } }

    /// Runs `body` and takes the rack down.
    static func run(
        _ dialects: Set<Dialect>, power: PowerState? = .off,
        _ body: (DialectRig) async throws -> Void
    ) async throws {
        let rig = try await DialectRig(dialects, power: power)
        do {
            try await body(rig)
        } catch {
            await rig.rack.shutdown()
            throw error
        }
        await rig.rack.shutdown()
    }

    /// Looks, at the most `limit` times, until the power state is `state`; returns what was seen
    /// before.
    func looks(until state: PowerState, limit: Int = 20) async throws -> [PowerState] {
        var seen: [PowerState] = []
        for _ in 0..<limit {
            let power = try await provider.observe(device).power
            if power == state { return seen }
            seen.append(power)
        }
        Issue.record("not \(state.rawValue) after \(limit) looks: \(seen.map(\.rawValue))")
        return seen
    }
}
