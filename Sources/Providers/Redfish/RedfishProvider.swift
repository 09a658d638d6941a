public import Core
internal import Foundation
public import HTTPClient
internal import Locking
public import Logging

/// Steers devices over Redfish (DSP0266), with any vendor's BMC and no option that names one.
///
/// The first look at a device finds its system through the service root; from then on a look is
/// one request. If the system is gone from its place (404), it is looked for again, once.
public final class RedfishProvider: Provider {
    let registry: Mutex<DeviceRegistry>
    let backgroundLooks: BackgroundLooks
    let logger: Logger
    let insecureDevices = InsecureDevices()
    let time: any TimeSource
    let timeouts: RedfishTimeouts
    /// What came over the event streams of all BMCs.
    let eventTally = EventTally()

    /// - Parameters:
    ///   - http: who sends the requests; it is not shut down by the provider.
    ///   - logger: gets what is found out about BMCs, at `debug`, why a device is not well, and a
    ///     warning of each whose certificate is not verified.
    ///   - timeouts: how long a BMC may take.
    ///   - time: dates the observations, and measures pauses.
    public init(
        http: HTTPClient, logger: Logger, timeouts: RedfishTimeouts = RedfishTimeouts(),
        time: any TimeSource = SystemTime()
    ) {
        registry = Mutex(DeviceRegistry(http: http, timeouts: timeouts, time: time))
        backgroundLooks = BackgroundLooks(time: time)
        self.timeouts = timeouts
        self.logger = logger
        self.time = time
    }

    /// Power state and health, read from the system alone. A bad health that the system does not
    /// explain has a deep look begin in the background, whose findings are among the reasons of
    /// the looks after it.
    ///
    /// A system that told a critical health and tells none any more is not well again for that: the
    /// look is not complete, and says so, until it tells another.
    public func observe(_ device: Device) async throws(ProviderError) -> Observation {
        try await attempt("look", at: device) { (client, system) throws(RedfishFailure) in
            var observation = explained(
                system.observation(at: time.date), of: device, system, client)
            let silent = registry.withLock { $0.note(system.verdicts, of: device) }
            if !silent.isEmpty {
                observation.isComplete = false
                observation.health = max(observation.health, .warning)
                observation.reasons += silent.map { "\($0): no health since it was critical" }
            }
            return observation
        }
    }

    /// The client for the device's BMC.
    func client(for device: Device) -> RedfishClient { enter(device).0 }

    /// How many devices and BMCs something is held for.
    var heldCounts: (devices: Int, bmcs: Int) { registry.withLock { $0.counts } }
}

extension RedfishProvider {
    /// Runs `body` with the device's system as it is now. If that or something it links to is no
    /// longer where it was, looks for it afresh and runs `body` again: a 404 changed nothing.
    func attempt<Value: Sendable>(
        _ name: String, at device: Device,
        _ body: (RedfishClient, ComputerSystem) async throws(RedfishFailure) -> Value
    ) async throws(ProviderError) -> Value {
        let (client, links) = enter(device)
        do throws(RedfishFailure) {
            if let links {
                do throws(RedfishFailure) {
                    let system = ComputerSystem(
                        try await client.get(links.system, insisting: true))
                    return try await body(client, system)
                } catch {
                    guard error.isGone else { throw error }
                    registry.withLock { $0.setLinks(nil, of: device) }
                    logger.debug("looking for the system again", metadata: metadata(device))
                }
            }
            let system = try await findSystem(of: device, client, isKnown: links != nil)
            logger.debug(
                "found the system",
                metadata: metadata(device, client.text.readable(link: system.path)))
            return try await body(client, system)
        } catch {
            throw error.error(attempting: name)
        }
    }

    /// The device's client and links. Sessions of what it was before a change are ended meanwhile.
    func enter(_ device: Device) -> (RedfishClient, SystemLinks?) {
        insecureDevices.warn(of: device, logger)
        let ((client, links), unwanted) = registry.withLock { registry in
            (registry.enter(device), registry.takeUnwanted())
        }
        for session in unwanted { Task { await end(session) } }
        return (client, links)
    }

    /// What the device's reset action allows, by whichever of the standard's two ways the service
    /// tells it; nil if it tells nothing. An ActionInfo is read once.
    func resetTypes(
        of reset: ResetAction, _ device: Device, _ client: RedfishClient
    ) async throws(RedfishFailure) -> [String]? {
        if let values = reset.allowableValues { return values }
        guard let link = reset.actionInfo else { return nil }
        let known = registry.withLock { $0.links(of: device)?.resetTypes }
        if let known, known.actionInfo == link { return known.values }
        // One that cannot be read now is asked for again the next time.
        guard let resource = try await client.getIfPossible(link) else { return nil }
        let values = ActionInfo(resource).allowableValues(of: "ResetType")
        registry.withLock { registry in
            guard var links = registry.links(of: device) else { return }
            links.resetTypes = SystemLinks.ResetTypes(actionInfo: link, values: values)
            registry.setLinks(links, of: device)
        }
        return values
    }

    private func metadata(_ device: Device, _ path: String? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["device": "\(device.name)", "bmc": "\(device.bmc)"]
        // Encoded, for the path is the BMC's text.
        metadata["system"] = path.flatMap(BMCAddress(device.bmc).path).map { "\($0)" }
        return metadata
    }
}
