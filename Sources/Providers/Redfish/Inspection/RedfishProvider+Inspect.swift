public import Core

extension RedfishProvider {
    /// Finds out what a BMC offers and what of it is understood, without changing anything.
    ///
    /// - Parameter device: where the BMC is; of its systems, just `device.system` if that is set.
    /// - Throws: if the service root or its systems cannot be read at all; a part that fails is
    ///   among ``RedfishInspection/problems``.
    public func inspect(_ device: Device) async throws(ProviderError) -> RedfishInspection {
        let client = client(for: device)
        do throws(RedfishFailure) {
            let inspector = Inspector(
                reader: ResourceReader(client: client, time: time), wanted: device.system,
                date: time.date)
            return try await inspector.inspection()
        } catch {
            throw error.error(attempting: "inspection")
        }
    }
}
