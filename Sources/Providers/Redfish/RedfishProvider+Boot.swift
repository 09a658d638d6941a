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
            let written = try await write(to: device, system, client) {
                places throws(RedfishFailure) in
                try BootChange(boot, places.boot)
            }
            // Where nobody knows how it was taken, it is looked at again before each boot.
            let isForOne = written?.form.map(BootChange.isForOneBoot) ?? true
            registry.withLock {
                $0.setRepeatedBoot(!boot.once && isForOne ? boot : nil, of: device)
            }
        }
    }

    /// Makes a change of the system's boot settings, and remembers where it was taken.
    /// - Parameter change: the change; nil if there is nothing to do.
    @discardableResult
    private func write(
        to device: Device, _ system: ComputerSystem, _ client: RedfishClient,
        _ change: (BootPlaces) throws(RedfishFailure) -> BootChange?
    ) async throws(RedfishFailure) -> BootWriter.Success? {
        let writer = BootWriter(client: client, time: time, patience: timeouts.change)
        let places = try await writer.places(
            of: system, known: registry.withLock { $0.bootPlace(of: device) })
        guard let change = try change(places) else { return nil }
        let written = try await writer.write(change, to: places)
        registry.withLock { $0.setBootPlace(written.place, of: device) }
        return written
    }

    /// Sets an override anew that is to last, where the BMC knows only such for one boot.
    func repeatBoot(
        of device: Device, _ system: ComputerSystem, _ client: RedfishClient
    ) async throws(RedfishFailure) {
        guard let boot = registry.withLock({ $0.repeatedBoot(of: device) }) else { return }
        try await write(to: device, system, client) { places throws(RedfishFailure) in
            places.isOverridden ? nil : try BootChange(boot, places.boot)
        }
    }

    public func clearBoot(of device: Device) async throws(ProviderError) {
        try await attempt("clearing the boot override", at: device) {
            (client, system) throws(RedfishFailure) in
            registry.withLock { $0.setRepeatedBoot(nil, of: device) }
            try await write(to: device, system, client) { places throws(RedfishFailure) in
                places.isOverridden ? .clearing(places.boot) : nil
            }
        }
    }
}
