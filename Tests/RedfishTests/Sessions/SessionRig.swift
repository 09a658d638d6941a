import Core
import HTTPClient
import Logging
import Redfish
import Simulator
import Testing

/// A provider and one simulated BMC with an account, its log empty of what went before.
struct SessionRig {
    static let user = Credentials(username: "admin", password: Secret("hunter2"))

    let rack: SimulatedRack
    let provider: RedfishProvider
    let time = QuickTime()

    var bmc: SimulatedBMC { rack.bmcs[0] }
    var device: Device { rack.devices()[0] }
    var lines: [String] { bmc.requests.map(\.description) }
    var open: Int { bmc.statistics.openSessions }

    /// Runs a body with a rig, shuts the provider down, and checks that no session is left, unless
    /// that can't be.
    static func with(
        _ dialects: Set<Dialect> = [],
        timeouts: RedfishTimeouts = RedfishTimeouts(logout: QuickTime.forever),
        endsSessions: Bool = true, configure: (inout RackConfiguration) -> Void = { _ in },
        _ body: (SessionRig) async throws -> Void
    ) async throws {
        var configuration = RackConfiguration(count: 1)
        configuration.credentials = user
        configuration.dialects = dialects
        configuration.powerDelay = .milliseconds(5)
        configuration.requestLogLimit = 10_000
        configure(&configuration)
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        let rig = SessionRig(rack: rack, timeouts: timeouts)
        do {
            try await body(rig)
        } catch {
            await rack.shutdown()
            throw error
        }
        await rig.provider.shutdown()
        let taken = rig.bmc.statistics
        if endsSessions { #expect(taken.openSessions == 0, "a session is left") }
        #expect(taken.mostSessions <= configuration.sessionLimit)
        await rack.shutdown()
    }

    private init(rack: SimulatedRack, timeouts: RedfishTimeouts) {
        self.rack = rack
        provider = RedfishProvider(
            http: HTTPClient(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            timeouts: timeouts, time: time)
    }

    /// Looks once; the look has to fail.
    func failure(_ device: Device? = nil) async -> ProviderError? {
        await #expect(throws: ProviderError.self) {
            try await provider.observe(device ?? self.device)
        }
    }

    /// The device with another password.
    func device(password: String, name: String = "d") -> Device {
        Device(
            name: name, bmc: device.bmc,
            credentials: Credentials(username: "admin", password: Secret(password)))
    }
}
