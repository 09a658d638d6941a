public import Core

extension RedfishProvider {
    /// Reads the system, and the resources around it for what the system itself leaves out. A
    /// resource that the BMC does not show leaves its facts unknown.
    public func facts(of device: Device) async throws(ProviderError) -> Facts {
        try await attempt("reading the facts", at: device) {
            (client, system) throws(RedfishFailure) in
            let reader = ResourceReader(
                client: client, limits: ResourceReader.Limits(isStrict: true), time: time)
            return try await FactsReader(reader: reader).facts(of: system)
        }
    }
}
