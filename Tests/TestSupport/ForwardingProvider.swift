import Core

/// Fake hardware behind something of its own: what a conforming type leaves out is done by the
/// hardware.
protocol ForwardingProvider: Provider {
    var fake: FakeProvider { get }
}

extension ForwardingProvider {
    func observe(_ device: Device) async throws(ProviderError) -> Observation {
        try await fake.observe(device)
    }

    func examine(
        _ device: Device, lookingBack: Duration
    ) async throws(ProviderError) -> HealthReport {
        try await fake.examine(device, lookingBack: lookingBack)
    }

    func facts(of device: Device) async throws(ProviderError) -> Facts {
        try await fake.facts(of: device)
    }

    func setPower(_ command: PowerCommand, of device: Device) async throws(ProviderError) {
        try await fake.setPower(command, of: device)
    }

    func setBoot(_ boot: BootOverride, of device: Device) async throws(ProviderError) {
        try await fake.setBoot(boot, of: device)
    }

    func clearBoot(of device: Device) async throws(ProviderError) {
        try await fake.clearBoot(of: device)
    }

    func insertMedia(_ image: MediaImage, into device: Device) async throws(ProviderError) {
        try await fake.insertMedia(image, into: device)
    }

    func ejectMedia(_ image: MediaImage, from device: Device) async throws(ProviderError) {
        try await fake.ejectMedia(image, from: device)
    }

    func forget(_ device: Device) async { await fake.forget(device) }

    func shutdown() async { await fake.shutdown() }
}
