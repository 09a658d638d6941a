public import Core
internal import IPMIWire

extension IPMIProvider {
    /// Asks a BMC for what it says of itself. First what it tells anybody: how sessions are opened;
    /// then, if the device has credentials, all that Rackpool knows to ask. Changes nothing.
    /// - Parameter entries: how many entries of the event log are read, the newest.
    /// - Throws: `unreachable` if nothing answers. That nobody is let in is part of the inspection.
    public func inspect(
        _ device: Device, entries: Int = 10
    ) async throws(ProviderError) -> IPMIInspection {
        var inspection = IPMIInspection()
        do throws(IPMIFailure) {
            let endpoint = try IPMIEndpoint(url: device.bmc)
            let level = PrivilegeLevel(device.ipmi.privilege ?? .administrator)
            let channel = try await IPMIProbe.with(endpoint) { probe in
                await ChannelInspector(probe: probe, privilege: level).inspect()
            }
            channel.enter(into: &inspection)
        } catch {
            throw error.error(attempting: "inspection")
        }
        let credentials = device.credentials
        guard !credentials.username.isEmpty || !credentials.password.revealBytes().isEmpty else {
            return inspection
        }
        inspection.hasSession = true
        inspection.maySwitch = device.ipmi.privilege != .user
        let attempt = try attempt("inspection", at: device)
        var inspector = SystemInspector(
            attempt.connection, entries: entries, now: time.date, inspection)
        do throws(IPMIFailure) {
            try await inspector.inspect()
            inspection = inspector.inspection
        } catch {
            inspection = inspector.inspection
            inspection.failure = error.error(attempting: "inspection")
        }
        inspection.requests += inspector.budget.used
        return inspection
    }
}
