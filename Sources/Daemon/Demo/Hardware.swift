import Core
import HTTPClient
import Logging

/// The servers as their BMCs report them, past the plugin.
struct Hardware {
    private let devices: [Device]
    private let providers: Providers

    init(devices: [Device], http: HTTPClient) {
        self.devices = devices
        providers = Providers(
            http: http, logger: Logger(label: "demo", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// The names of the devices that are on.
    func poweredOn() async throws -> Set<String> {
        var names: Set<String> = []
        for device in devices
        where try await providers.provider(of: device).observe(device).power == .on {
            names.insert(device.name)
        }
        return names
    }

    /// Ends the sessions with the BMCs.
    func shutdown() async {
        await providers.shutdown()
    }
}
