import Core
import HTTPClient
import IPMI
import Logging
import Redfish

/// The ways to talk to BMCs that this release knows. Each device of a pool has its own
/// (`Device.provider`), so that one group may draw on racks of several kinds.
struct Providers: Sendable {
    /// The names that an inventory may give.
    static let names = ["redfish", "ipmi"]

    /// By the name that the inventory gives.
    let byName: [String: any Provider]
    /// Those that can listen to BMCs, by the same names.
    let eventSources: [String: any EventSource]

    /// - Parameters:
    ///   - http: who sends the requests over HTTP; it is not shut down with the providers.
    ///   - logger: gets what the providers find out.
    init(http: HTTPClient, logger: Logger) {
        let redfish = RedfishProvider(http: http, logger: logger)
        byName = ["redfish": redfish, "ipmi": IPMIProvider(logger: logger)]
        eventSources = ["redfish": redfish]
    }

    /// The device's provider.
    /// - Throws: `refused` if this release knows none of the name.
    func provider(of device: Device) throws(ProviderError) -> any Provider {
        guard let provider = byName[device.provider] else {
            throw ProviderError(.refused, "there is no provider \(device.provider)")
        }
        return provider
    }

    /// Ends all sessions with BMCs. A daemon's ``PoolManager`` does so itself.
    func shutdown() async {
        await withTaskGroup(of: Void.self) { group in
            for provider in byName.values { group.addTask { await provider.shutdown() } }
        }
    }
}
