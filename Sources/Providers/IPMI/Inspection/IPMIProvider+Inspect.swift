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
        let credentials = device.credentials
        let isKnown =
            !credentials.username.isEmpty || !credentials.password.revealBytes().isEmpty
        do throws(IPMIFailure) {
            let endpoint = try IPMIEndpoint(url: device.bmc)
            let level = PrivilegeLevel(device.ipmi.privilege ?? .administrator)
            let channel = try await IPMIProbe.with(endpoint) { probe in
                await ChannelInspector(probe: probe, privilege: level).inspect()
            }
            channel.enter(into: &inspection)
        } catch {
            let failure = error.error(attempting: "inspection")
            // What it says to nobody in particular is not needed for a session.
            guard isKnown, !failure.isUnanswered else { throw failure }
            inspection.problems.append("how sessions are opened: \(failure.message)")
        }
        guard isKnown else { return inspection }
        inspection.hasSession = true
        inspection.maySwitch = device.ipmi.privilege != .user
        let attempt = try attempt("inspection", at: device)
        var inspector = SystemInspector(
            attempt.connection, entries: entries, quirks: device.ipmi.quirks, time: time,
            inspection)
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
