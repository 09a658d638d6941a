public import Core
internal import Logging

extension RedfishProvider: EventSource {
    /// Listens to the server-sent events of the device's BMC, if it offers them (`EventService`,
    /// `ServerSentEventUri`).
    ///
    /// Reasons for a look are the severities warning and critical, and messages that tell of a
    /// changed status, state or power. A stream that is lost is opened again after 2 s, 4 s, … 5
    /// minutes, give or take a half, or after what the BMC asks for; a BMC that offers none is asked
    /// again about every hour.
    public func listen(
        to device: Device, alert: @escaping @Sendable (_ reason: String) async -> Void
    ) async {
        var logger = logger
        logger[metadataKey: "bmc"] = "\(device.bmc)"
        let listener = EventListener(
            client: enter(device).0, time: time, tally: eventTally, logger: logger,
            chance: { .random(in: 0..<1) })
        await listener.run(alert: alert)
    }
}
