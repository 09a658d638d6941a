public import Core
internal import IPMIWire
public import Logging

/// Steers devices over IPMI v2.0, with RMCP+ sessions and no other program, and with no option that
/// names a vendor.
public final class IPMIProvider: Provider {
    let connections: any IPMIConnections
    let identities = IdentityMemory()
    let insecureCipherSuites = InsecureCipherSuites()
    let health: HealthMemory
    let logger: Logger
    let time: any TimeSource

    /// Makes the provider with its own UDP sockets, which are opened when a BMC is first spoken to.
    /// - Parameters:
    ///   - logger: gets what is found out about BMCs.
    ///   - time: dates the observations, and measures pauses and timeouts.
    public convenience init(logger: Logger, time: any TimeSource = SystemTime()) {
        self.init(
            connections: IPMINetwork(time: time, logger: logger), logger: logger, time: time)
    }

    /// - Parameters:
    ///   - connections: who carries the commands; shut down with the provider.
    ///   - logger: gets what is found out about BMCs.
    ///   - time: dates the observations, and measures pauses.
    init(
        connections: any IPMIConnections, logger: Logger, time: any TimeSource = SystemTime()
    ) {
        self.connections = connections
        health = HealthMemory(time: time)
        self.logger = logger
        self.time = time
    }

    /// Drops what is held for the device, and closes its session.
    public func forget(_ device: Device) async {
        identities.forget(device)
        insecureCipherSuites.forget(device)
        health.forget(device)
        await connections.forget(device)
    }

    /// Closes all sessions.
    public func shutdown() async {
        await connections.shutdown()
    }

    func attempt(_ title: String, at device: Device) throws(ProviderError) -> IPMIAttempt {
        insecureCipherSuites.warn(of: device, logger)
        do throws(IPMIFailure) {
            return IPMIAttempt(
                title: title, connection: try connections.line(to: device), time: time)
        } catch {
            throw error.error(attempting: title)
        }
    }
}
