internal import Core
internal import IPMIWire

/// Writes the boot flags in the sequence that BMCs need, and reads them back (IPMI v2.0 28.12,
/// 28.13).
///
/// Only the flags themselves must be taken. What goes before and after them is refused by many BMCs
/// that do without: "set in progress" (parameter 0), whose flags are to stay valid longer
/// (parameter 3), and the acknowledgement (parameter 4).
struct BootFlagWriter {
    let attempt: IPMIAttempt

    private static let pauses: [Duration] = [
        .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2),
    ]

    /// The flags as they are; nil if the BMC can't show them.
    func flags() async throws(ProviderError) -> BootFlags? {
        let command = GetSystemBootOptions(BootParameter.flagsNumber)
        guard case .flags(let flags) = try await attempt.performIfPossible(command)?.parameter
        else { return nil }
        return flags
    }

    /// - Parameters:
    ///   - kept: after what the flags are to stay valid.
    ///   - isThere: whether flags that the BMC shows are as wanted.
    /// - Throws: `refused`, with what the BMC shows, if that is not what was written.
    func write(
        _ flags: BootFlags, kept: BootParameter.ValidityKept, isThere: (BootFlags) -> Bool
    ) async throws(ProviderError) {
        let isLocked = try await begin()
        let result = await attempt.result { () async throws(ProviderError) in
            try await set(.validityKept(kept))
            try await set(.acknowledge(BootAcknowledge(written: .firmware, unread: .firmware)))
            try await setFlags(flags, isThere)
        }
        // Otherwise others, and the firmware, would wait for the rest.
        if isLocked { try await set(.setInProgress(.complete)) }
        try result.get()
        try await confirm(flags, isThere)
    }

    private func confirm(
        _ written: BootFlags, _ isThere: (BootFlags) -> Bool
    ) async throws(ProviderError) {
        var pauses = Self.pauses[...]
        while true {
            guard let shown = try await flags() else { return }
            if isThere(shown) { return }
            if shown.mayShowDeviceAlone(of: written), try await showsDeviceAlone(written) { return }
            guard let pause = pauses.popFirst() else {
                throw attempt.refusal("the BMC took the change, but shows: \(shown.summary)")
            }
            try await attempt.pause(for: pause, mayHaveActed: true)
        }
    }

    /// Whether the BMC shows of these flags nothing but the device, whatever they are.
    private func showsDeviceAlone(_ flags: BootFlags) async throws(ProviderError) -> Bool {
        let marked = flags.marked
        try await setFlags(marked) { $0 == marked }
        let shown = try await self.flags()
        try await setFlags(flags) { $0 == flags }
        return shown?.mayShowDeviceAlone(of: marked) ?? false
    }

    /// Keeps others from writing meanwhile; false if the BMC has no such thing. Whoever is at it
    /// for longer has died at it, for writing takes no time.
    private func begin() async throws(ProviderError) -> Bool {
        var pauses = Self.pauses[...]
        while true {
            let command = SetSystemBootOptions(.setInProgress(.inProgress))
            switch await attempt.result(of: command) {
            case .success: return true
            case .failure(.refused(_, .bootOptionsInProgress)):
                guard let pause = pauses.popFirst() else {
                    try await set(.setInProgress(.complete))
                    return true
                }
                try await attempt.pause(for: pause)
            case .failure(.refused(_, let code)) where !code.isTransient: return false
            case .failure(.ignored): return false
            case .failure(let failure): throw failure.error(attempting: attempt.title)
            }
        }
    }

    private func set(_ parameter: BootParameter) async throws(ProviderError) {
        _ = try await attempt.performIfPossible(SetSystemBootOptions(parameter))
    }

    /// Has the BMC take the flags, in a moment if it can't in its present state.
    /// - Parameter isThere: as in ``write(_:kept:isThere:)``, for a refusal may not be true.
    private func setFlags(
        _ flags: BootFlags, _ isThere: (BootFlags) -> Bool
    ) async throws(ProviderError) {
        var pauses = IPMIAttempt.patience[...]
        while true {
            let failure: IPMIFailure
            switch await attempt.result(of: SetSystemBootOptions(.flags(flags))) {
            case .success: return
            case .failure(let reason): failure = reason
            }
            if case .refused(_, let code) = failure, code.mayPass, let pause = pauses.popFirst() {
                try await attempt.pause(for: pause)
                continue
            }
            if try await hasTaken(isThere, despite: failure) { return }
            let error = failure.error(attempting: attempt.title)
            if case .ignored = failure {
                throw ProviderError(.refused, error.message, isIncapable: true)
            }
            guard case .refused(_, let code) = failure, error.kind == .refused else { throw error }
            throw ProviderError(.refused, error.message, isIncapable: code.meansNotKnown)
        }
    }

    /// Whether the BMC shows flags as wanted though it did not say that it took them: at once after a
    /// clear refusal, within some seconds after an answer that leaves it open (IPMI v2.0 table 5-2).
    private func hasTaken(
        _ isThere: (BootFlags) -> Bool, despite failure: IPMIFailure
    ) async throws(ProviderError) -> Bool {
        let isOpen: Bool
        switch failure {
        case .refused(let command, let code) where !code.isAboutPrivilege(of: command):
            isOpen = !code.meansNothingDone && code != .bootParameterNotSupported
        case .ignored, .malformed: isOpen = true
        default: return false
        }
        var pauses = isOpen ? Self.pauses[...] : []
        while true {
            guard let shown = try await flags() else { return false }
            if isThere(shown) { return true }
            guard let pause = pauses.popFirst() else { return false }
            try await attempt.pause(for: pause, mayHaveActed: true)
        }
    }
}
