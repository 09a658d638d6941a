public import Core
internal import Locking

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
            let writer = BootWriter(client: client, time: time, patience: timeouts.change)
            let places = try await writer.places(of: system)
            try await writer.write(try BootChange(boot, places.boot), to: places)
            let repeated = BootChange.needsRepetition(boot, places.boot) ? boot : nil
            registry.withLock { $0.setRepeatedBoot(repeated, of: device) }
        }
    }

    /// Sets an override anew that is to last, where the BMC knows only such for one boot.
    func repeatBoot(
        of device: Device, _ system: ComputerSystem, _ client: RedfishClient
    ) async throws(RedfishFailure) {
        guard let boot = registry.withLock({ $0.repeatedBoot(of: device) }) else { return }
        let writer = BootWriter(client: client, time: time, patience: timeouts.change)
        let places = try await writer.places(of: system)
        guard !places.isOverridden else { return }
        try await writer.write(try BootChange(boot, places.boot), to: places)
    }

    public func clearBoot(of device: Device) async throws(ProviderError) {
        try await attempt("clearing the boot override", at: device) {
            (client, system) throws(RedfishFailure) in
            let writer = BootWriter(client: client, time: time, patience: timeouts.change)
            registry.withLock { $0.setRepeatedBoot(nil, of: device) }
            let places = try await writer.places(of: system)
            guard places.isOverridden else { return }
            try await writer.write(.clearing(places.boot), to: places)
        }
    }
}
