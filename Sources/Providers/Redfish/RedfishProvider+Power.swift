public import Core

extension RedfishProvider {
    /// Sends the reset type that fits the command best among those that the BMC allows (DSP2046
    /// `ComputerSystem`, action `Reset`). The system is read first, and read again if the BMC
    /// refuses, for it may be in the wanted state already.
    ///
    /// - Throws: `refused`, with what the BMC allows, if none fits. It never falls back from
    ///   asking the operating system to cutting the power: that is for the caller to decide.
    public func setPower(
        _ command: PowerCommand, of device: Device
    ) async throws(ProviderError) {
        try await attempt(command.title, at: device) { (client, system) throws(RedfishFailure) in
            try await setPower(command, of: device, system, client)
        }
    }

    private func setPower(
        _ command: PowerCommand, of device: Device, _ system: ComputerSystem,
        _ client: RedfishClient
    ) async throws(RedfishFailure) {
        guard !command.isFulfilled(by: system.powerState) else { return }
        guard let reset = system.reset else {
            throw RedfishFailure(.refused, "the system shows no reset action")
        }
        let allowed = try await resetTypes(of: reset, device, client)
        let type = try resetType(for: command, in: system.powerState, allowed)
        do throws(RedfishFailure) {
            try await client.command("POST", reset.target, ["ResetType": .string(type)])
        } catch {
            if error.mayMeanNothingToDo,
                let now = try? await client.get(system.path),
                command.isFulfilled(by: ComputerSystem(now).powerState)
            {
                return
            }
            var failure = error
            if error.kind == .refused, !error.isGone { failure.text += Self.allowance(allowed) }
            throw failure
        }
    }

    private func resetType(
        for command: PowerCommand, in state: PowerState, _ allowed: [String]?
    ) throws(RedfishFailure) -> String {
        let candidates =
            command.resetTypes + (command.buttonState == state ? ["PushPowerButton"] : [])
        // A service that names no values takes at least the standard's first.
        guard let allowed else { return candidates[0] }
        for candidate in candidates {
            if let match = allowed.first(where: { $0.lowercased() == candidate.lowercased() }) {
                return match
            }
        }
        throw RedfishFailure(
            .refused,
            "the BMC offers none of \(candidates.joined(separator: ", "))"
                + Self.allowance(allowed))
    }

    /// `; it allows: On, ForceOff`, or nothing if that is not known.
    static func allowance(_ values: [String]?) -> String {
        guard let values else { return "" }
        let list = values.joined(separator: ", ").readable(without: [], limit: 500)
        return "; it allows: \(list.isEmpty ? "nothing" : list)"
    }
}

extension RedfishFailure {
    /// BMCs refuse a change to the state that a host is in with 400, 403, 409 or 500 and all kinds
    /// of messages; only the power state itself tells. A 401 or 404 is not about the state.
    fileprivate var mayMeanNothingToDo: Bool {
        guard let status, !isGone else { return false }
        return status >= 400 && status != 401 && kind != .busy && kind != .unreachable
    }
}

extension PowerCommand {
    fileprivate var title: String {
        switch self {
        case .on: "power on"
        case .gracefulOff: "graceful power off"
        case .forceOff: "forced power off"
        }
    }
}
