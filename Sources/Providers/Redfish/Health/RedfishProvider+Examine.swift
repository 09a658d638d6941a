public import Core
internal import Logging

extension RedfishProvider {
    /// How far back a deep look in the background reads the logs.
    private static let lookingBack: Duration = .seconds(24 * 3600)

    /// Looks at everything that belongs to the device's system: at most 300 requests and three
    /// minutes; the report says what was left out.
    public func examine(
        _ device: Device, lookingBack: Duration
    ) async throws(ProviderError) -> HealthReport {
        try await attempt("deep look", at: device) { (client, system) throws(RedfishFailure) in
            try await examine(system, client, lookingBack: lookingBack)
        }
    }

    /// The observation with what deep looks in the background have found out about it.
    func explained(
        _ observation: Observation, of device: Device, _ system: ComputerSystem,
        _ client: RedfishClient
    ) -> Observation {
        guard !system.explainsItself else {
            backgroundLooks.dismiss(device)
            return observation
        }
        return backgroundLooks.explained(observation, of: device) { [self] in
            await lookInBackground(at: device, system, client)
        }
    }

    private func lookInBackground(
        at device: Device, _ system: ComputerSystem, _ client: RedfishClient
    ) async -> HealthReport? {
        do throws(RedfishFailure) {
            let report = try await examine(system, client, lookingBack: Self.lookingBack)
            let reasons =
                report.reasons.isEmpty ? "nothing" : report.reasons.joined(separator: ", ")
            logger.info("\(device.described("a deep look found: \(reasons)"))")
            return report
        } catch {
            guard !Task.isCancelled else { return nil }
            let failure = error.error(
                attempting: "deep look")
            logger.info("\(device.described(failure.message))")
            return nil
        }
    }

    private func examine(
        _ system: ComputerSystem, _ client: RedfishClient, lookingBack: Duration
    ) async throws(RedfishFailure) -> HealthReport {
        let reader = ResourceReader(client: client, time: time)
        let examiner = HealthExaminer(
            reader: reader, system: system, lookingBack: lookingBack, date: time.date)
        return try await examiner.report()
    }
}
