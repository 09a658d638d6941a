internal import Foundation

extension PoolManager {
    /// How far back an examination reads a device's logs: since its claim began, but at least a
    /// day and at most 30 days.
    public func lookingBack(at name: String) async -> Duration {
        let day: Duration = .seconds(24 * 3600)
        guard let claimed = await pool.status(of: name)?.claim?.claimedAt else { return day }
        let age: Duration = .seconds(time.date.timeIntervalSince(claimed))
        return min(max(age, day), day * 30)
    }

    /// A deep look at a device. What it finds is told and moves nothing: that is for the
    /// synchroniser's looks.
    /// - Throws: ``DeviceError`` if there is no such device; `ProviderError` if its BMC can't be
    ///   looked at.
    public func examine(_ name: String, lookingBack: Duration) async throws -> HealthReport {
        let device = try await pool.device(name)
        return try await driver(of: device).provider.examine(device, lookingBack: lookingBack)
    }
}
