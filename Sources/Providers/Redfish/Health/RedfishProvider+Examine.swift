public import Core

extension RedfishProvider {
    /// Looks at everything that belongs to the device's system.
    public func examine(
        _ device: Device, lookingBack: Duration
    ) async throws(ProviderError) -> HealthReport {
        try await attempt("deep look", at: device) { (_, system) throws(RedfishFailure) in
            HealthReport(
                power: system.powerState, requests: 1, date: time.date)
        }
    }
}
