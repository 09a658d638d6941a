public import Logging

/// Brings a device's power into a state and makes sure that it is there, through its provider's
/// single steps.
public struct PowerDriver: Sendable {
    let device: Device
    let provider: any Provider
    let time: any TimeSource
    let times: ReconcilerTimes
    let logger: Logger
    /// Is called before each command that is sent.
    let willSend: @Sendable (PowerCommand) async throws -> Void
    /// Looks at the device; nil: through the provider.
    private let observe: (@Sendable () async throws(ProviderError) -> Observation)?

    /// How long a device that was told to go off and on again may be shown as on before it is
    /// believed that nobody looked while it was off.
    private static let cyclePatience: Duration = .seconds(10)

    /// - Parameters:
    ///   - times: how long a change of power may take, and how often is looked meanwhile.
    ///   - willSend: is called before each command that is sent.
    ///   - observe: how the device is looked at; nil: through the provider.
    public init(
        device: Device, provider: any Provider, time: any TimeSource = SystemTime(),
        times: ReconcilerTimes = ReconcilerTimes(), logger: Logger,
        willSend: @escaping @Sendable (PowerCommand) async throws -> Void = { _ in },
        observe: (@Sendable () async throws(ProviderError) -> Observation)? = nil
    ) {
        self.device = device
        self.provider = provider
        self.time = time
        self.times = times
        self.logger = logger
        self.willSend = willSend
        self.observe = observe
    }

    /// One look.
    public func look() async throws(ProviderError) -> Observation {
        guard let observe else { return try await provider.observe(device) }
        return try await observe()
    }

    /// Powers on and returns when the BMC says that the device is on.
    public func powerOn() async throws {
        try await command(.on)
        try await confirm(.on)
    }

    /// Powers off and returns when the BMC says that the device is off: asks the operating system
    /// first if `grace` is positive, then cuts the power.
    /// - Returns: whether the power had to be cut.
    @discardableResult
    public func powerOff(
        grace: Duration
    ) async throws -> Bool {
        let state = try await look().power
        if state == .off { return false }
        if grace > .zero, state == .on {
            do {
                try await command(.gracefulOff)
                if try await reaches(.off, within: grace) { return false }
                logger.info(
                    "\(device.described("did not shut down within \(grace.text); cutting the power"))"
                )
            } catch let error as ProviderError {
                logger.info(
                    "\(device.described("no graceful shutdown (\(error)); cutting the power"))")
            }
        }
        try await command(.forceOff)
        try await confirm(.off)
        return true
    }

    /// Cuts the power and gives it again, and returns when the BMC says that the device is on. Where
    /// the BMC has no such command, it is powered off, confirmed, and powered on.
    /// - Returns: whether the device was seen without power meanwhile.
    /// - Throws: `refused` if the device is off.
    public func cycle() async throws -> Bool {
        try await willSend(.cycle)
        do {
            try await provider.setPower(.cycle, of: device)
        } catch {
            guard error.isIncapable else { throw error }
            try await powerOff(grace: .zero)
            try await powerOn()
            return true
        }
        let wasOff = try await leaves(.on, within: min(Self.cyclePatience, times.powerChange))
        try await confirm(.on)
        return wasOff
    }

    /// Has the device start anew, and returns when the BMC says that it is on.
    /// - Throws: `refused` if the device is off; ``ProviderError/isIncapable`` is set if the BMC has
    ///   no such command.
    public func reset() async throws {
        try await willSend(.reset)
        try await provider.setPower(.reset, of: device)
        try await confirm(.on)
    }

    // A command whose answer was lost may have been carried out: looking tells.
    private func command(_ command: PowerCommand) async throws {
        try await willSend(command)
        do {
            try await provider.setPower(command, of: device)
        } catch {
            let wanted: PowerState = command == .on ? .on : .off
            let patience = max(times.longestPause, times.doubt)
            guard error.mayHaveActed, try await reaches(wanted, within: patience) else {
                throw error
            }
        }
    }

    private func confirm(_ state: PowerState) async throws {
        guard try await reaches(state, within: times.powerChange) else {
            throw ProviderError(
                .refused,
                "the BMC took the command, but the device is not \(state.rawValue) after"
                    + " \(times.powerChange.text): look at its console and event log",
                mayHaveActed: true)
        }
    }

    private func reaches(_ state: PowerState, within limit: Duration) async throws -> Bool {
        try await looks(within: limit) { $0 == state }
    }

    private func leaves(_ state: PowerState, within limit: Duration) async throws -> Bool {
        try await looks(within: limit) { $0 != state && $0 != .unknown }
    }

    /// Looks until the device's power is as wanted. A look that fails counts as one that says
    /// nothing, for BMCs pause while they switch; the last one's error is thrown if the time runs
    /// out so.
    private func looks(
        within limit: Duration, _ isWanted: (PowerState) -> Bool
    ) async throws -> Bool {
        let end = time.uptime + limit
        var pauses = times.pauses()
        while true {
            let look = await lookForState()
            if case .success(let state) = look, isWanted(state) { return true }
            let rest = end - time.uptime
            guard rest > .zero else {
                _ = try look.get()
                return false
            }
            if case .failure(let error) = look, !error.isPassing { throw error }
            try await time.sleep(for: min(pauses.next() ?? rest, rest))
        }
    }

    private func lookForState() async -> Result<PowerState, ProviderError> {
        do {
            return .success(try await look().power)
        } catch {
            return .failure(error)
        }
    }
}

extension ProviderError {
    /// Whether the same request may well succeed a little later.
    var isPassing: Bool { kind == .unreachable || isInconclusive }
}
