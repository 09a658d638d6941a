import Core
import HTTPClient
import Logging
import Redfish

/// The servers as their BMCs report them, past the plugin.
struct Hardware {
    private let devices: [Device]
    private let provider: RedfishProvider

    init(devices: [Device], http: HTTPClient) {
        self.devices = devices
        provider = RedfishProvider(
            http: http, logger: Logger(label: "demo", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// The names of the devices that are on.
    func poweredOn() async throws -> Set<String> {
        var names: Set<String> = []
        for device in devices where try await provider.observe(device).power == .on {
            names.insert(device.name)
        }
        return names
    }
}
