internal import Core

/// The connections to all BMCs.
protocol IPMIConnections: Sendable {
    /// The one connection to a device's BMC. Sends nothing yet.
    /// - Throws: `unusable` if the inventory's entry does not suit IPMI.
    func line(to device: Device) throws(IPMIFailure) -> any IPMIConnection

    /// Closes a device's session, because the device left the inventory or its BMC's address or
    /// credentials changed.
    func forget(_ device: Device) async

    /// Closes all sessions. No other call follows.
    func shutdown() async
}
