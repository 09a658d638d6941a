public import Core

extension IPMIProvider {
    /// Sends the chassis control that does it (IPMI v2.0 28.3), whatever the chassis status shows;
    /// just a graceful power off is not sent to a device that is off, which might start by it.
    /// Returns once the BMC has taken the command.
    ///
    /// A refusal by a BMC whose device is in the wanted state already is no error; if it is "not
    /// supported in the present state" and the like, it is sent again for twenty seconds, but for a
    /// graceful power off. After silence the chassis status tells whether the command was carried
    /// out, before it is sent again.
    ///
    /// - Throws: `refused` if the BMC refuses for good, and for a cycle or reset of a device that
    ///   is off; `busy` if it asks for patience.
    public func setPower(
        _ command: PowerCommand, of device: Device
    ) async throws(ProviderError) {
        let attempt = try attempt(command.title, at: device)
        var chassis = ChassisSwitch(command, attempt)
        try await chassis.run()
    }
}
