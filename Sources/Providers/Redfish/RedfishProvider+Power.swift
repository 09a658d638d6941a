public import Core

extension RedfishProvider {
    /// Sends the reset type that fits the command best among those that the BMC allows (DSP2046
    /// `ComputerSystem`, action `Reset`), and the next best if the BMC refuses it. It is sent
    /// whatever the system shows, which is read first, and read again after a refusal, for the
    /// system may be in the wanted state already.
    ///
    /// Returns once the BMC has taken the command. A task that it begins (202) is looked at once,
    /// for what failed at once; it is not followed, since the caller confirms by looking at the
    /// power state, which says more than a task.
    ///
    /// - Throws: `refused`, with what the BMC allows, if none fits; `busy` if the BMC is in the
    ///   middle of another change. It never falls back from asking the operating system to cutting
    ///   the power: that is for the caller to decide.
    public func setPower(
        _ command: PowerCommand, of device: Device
    ) async throws(ProviderError) {
        try await attempt(command.title, at: device) { (client, system) throws(RedfishFailure) in
            if command.needsPower, [.off, .poweringOff].contains(system.powerState) {
                throw RedfishFailure(.refused, "the device is \(system.powerState.rawValue)")
            }
            guard let reset = system.reset else {
                throw RedfishFailure(.refused, "the system shows no reset action")
            }
            let allowed = try await resetTypes(of: reset, device, client)
            if command.boots { try await repeatBoot(of: device, system, client) }
            try await PowerSwitch(
                command: command, device: device, path: system.path, target: reset.target,
                allowed: allowed, client: client, provider: self
            ).run(from: system.powerState)
        }
    }

    /// `; it allows: On, ForceOff`, or nothing if that is not known.
    static func allowance(_ values: [String]?) -> String {
        guard let values else { return "" }
        let list = values.joined(separator: ", ").readable(limit: 500)
        return "; it allows: \(list.isEmpty ? "nothing" : list)"
    }
}
