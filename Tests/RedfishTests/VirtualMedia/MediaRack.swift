import Core
import HTTPClient
import Logging
import Redfish
import Simulator

/// One simulated BMC, its first device, and a provider that speaks to it.
struct MediaRack {
    let rack: SimulatedRack
    let device: Device
    let provider: RedfishProvider

    var system: SimulatedSystem { rack.bmcs[0].systems[0] }
    /// The changes that the BMC was asked for: `POST /redfish/v1/…`.
    var commands: [LoggedRequest] { rack.bmcs[0].requests.filter { $0.method != "GET" } }

    static let url = "http://192.0.2.1/images/boot.iso"
    static let foreign = "http://192.0.2.99/theirs.iso"

    static func image(
        _ url: String = url, _ type: MediaType? = nil, isWriteProtected: Bool = true
    ) throws -> MediaImage {
        try MediaImage(url: url, type: type, isWriteProtected: isWriteProtected)
    }

    /// - Parameter fixture: nil for the built-in server.
    static func with(
        _ dialects: Set<Dialect> = [], fixture: Fixture? = nil,
        timeouts: RedfishTimeouts = RedfishTimeouts(), _ body: (MediaRack) async throws -> Void
    ) async throws {
        var configuration = RackConfiguration(count: 1)
        configuration.dialects = dialects
        configuration.initialPower = .off
        configuration.powerDelay = .milliseconds(5)
        if let fixture { configuration.fixtures = [fixture] }
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        let http = HTTPClient()
        let provider = RedfishProvider(
            http: http, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            timeouts: timeouts)
        do {
            try await body(
                MediaRack(rack: rack, device: rack.devices()[0], provider: provider))
        } catch {
            await provider.shutdown()
            http.shutdown()
            await rack.shutdown()
            throw error
        }
        await provider.shutdown()
        http.shutdown()
        await rack.shutdown()
    }
}
