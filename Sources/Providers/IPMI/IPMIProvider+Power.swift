public import Core

extension IPMIProvider {
    /// Sends the chassis control that does it (IPMI v2.0 28.3), unless the chassis status shows
    /// that there is nothing to do. Returns once the BMC has taken the command.
    ///
    /// A BMC that refuses with "not supported in the present state" is looked at for some seconds,
    /// for many do so where the device is in the wanted state already; after silence the chassis
    /// status tells whether the command was carried out, before it is sent again.
    ///
    /// - Throws: `refused` if the BMC refuses for good, and for a cycle or reset of a device that
    ///   is off; `busy` if it asks for patience.
    public func setPower(
        _ command: PowerCommand, of device: Device
    ) async throws(ProviderError) {
        let attempt = try attempt(command.title, at: device)
        try await ChassisSwitch(
            command: command, device: device, provider: self, attempt: attempt
        ).run()
    }
}
