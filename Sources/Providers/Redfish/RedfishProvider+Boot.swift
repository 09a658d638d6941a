public import Core

extension RedfishProvider {
    /// Writes the system's boot override (DSP2046 `ComputerSystem.Boot`) and reads it back.
    ///
    /// - Throws: `refused`, with what the BMC allows, if it does not offer the target or the mode;
    ///   with what it shows, if that is not what was written.
    public func setBoot(
        _ boot: BootOverride, of device: Device
    ) async throws(ProviderError) {
        let name = "boot from \(boot.target.rawValue)"
        try await attempt(name, at: device) { (client, system) throws(RedfishFailure) in
            let writer = BootWriter(client: client, time: time)
            let places = try await writer.places(of: system)
            try await writer.write(try BootChange(boot, places.boot), to: places)
        }
    }

    public func clearBoot(of device: Device) async throws(ProviderError) {
        try await attempt("clearing the boot override", at: device) {
            (client, system) throws(RedfishFailure) in
            let writer = BootWriter(client: client, time: time)
            let places = try await writer.places(of: system)
            guard places.isOverridden else { return }
            try await writer.write(.clearing(places.boot), to: places)
        }
    }
}
