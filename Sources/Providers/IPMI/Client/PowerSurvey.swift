package import Core
internal import IPMIWire

/// Asks BMCs whether their systems are powered, and for nothing else: what others' consoles do when
/// they are asked for the power status. Keeps its sessions until it is shut down.
package struct PowerSurvey: Sendable {
    private let network = IPMINetwork()

    package init() {}

    /// Whether a device is powered.
    /// - Throws: ``ProviderError``.
    package func isOn(_ device: Device) async throws -> Bool {
        try await network.line(to: device).perform(GetChassisStatus()).isOn
    }

    /// How many sessions are open.
    package var sessionCount: Int { get async { await network.sessionCount } }

    /// Closes all sessions.
    package func shutdown() async {
        await network.shutdown()
    }
}
