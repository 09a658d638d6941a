internal import IPMIWire

extension SessionOpening {
    /// Nothing came back, however often it was asked.
    mutating func silent(_ now: Duration) -> Action {
        switch step {
        case .capabilities: break
        case .suites: return propose(suite, now)
        case .session(let machine):
            // Some BMCs say nothing to a suite that they don't know.
            if machine.isProposing, !isSuiteCertain, !candidates.isEmpty {
                return proposeNext(now)
            }
            if let action = restart(now) { return action }
        case .raising:
            if let action = restart(now) { return action }
        }
        return .failed(
            .silent(step: exchange.step, attempts: exchange.sent, mayHaveActed: false),
            session: nil)
    }

    /// A failure is believed, since nothing better came.
    mutating func settle(_ failure: IPMIFailure, _ now: Duration) -> Action {
        wait = .answer
        switch failure {
        case .session(let failure): return settle(failure, now)
        case .refused:
            // A BMC of version 1.5 may refuse the bit that asks for version 2.0.
            let plain = Self.capabilities(access, wantsExtended: false)
            return enter(
                .capabilities(plain), IPMIFailure.presence, limit: rules.timing.fewAttempts, now)
        default: return .failed(failure, session: nil)
        }
    }

    private mutating func settle(_ failure: SessionFailure, _ now: Duration) -> Action {
        switch failure {
        case .refused(_, let status) where status.isShortage:
            guard slotRefusals < rules.timing.slotRetries else { break }
            let pause = rules.timing.firstSlotPause * (1 << slotRefusals)
            slotRefusals += 1
            wait = .proposeAgain(at: now + pause)
            return .wait
        case .refused(_, let status) where status.isAboutSuite:
            return proposeNext(now)
        case .otherSuite where !candidates.isEmpty || isFromMemory:
            return proposeNext(now)
        case .refused(_, let status) where status.isAboutSession:
            // The BMC lost the thread: it dropped the opening meanwhile, or made a new random
            // number when a question was sent again.
            if let action = restart(now) { return action }
        default: break
        }
        return .failed(.session(failure), session: nil)
    }

    /// Tries another suite. It costs the password no attempt: suites are refused before RAKP 1.
    mutating func proposeNext(_ now: Duration) -> Action {
        if isFromMemory {
            isFromMemory = false
            isSuiteCertain = false
            suite = access.suites.first ?? suite
            return choose(now)
        }
        guard !candidates.isEmpty else {
            // For the error's sake, the BMC is asked what it would take.
            if !wasListed { return list(0, after: [], now) }
            return .failed(noCommonSuite, session: nil)
        }
        return propose(candidates.removeFirst(), now)
    }

    var noCommonSuite: IPMIFailure {
        .noCommonSuite(offered: offered ?? [], allowed: access.suites.map(\.id))
    }

    /// Begins again once with a BMC that does answer; nil if that was done.
    private mutating func restart(_ now: Duration) -> Action? {
        guard wasHeard, restarts < 1 else { return nil }
        restarts += 1
        return propose(suite, now)
    }
}

extension RMCPPlusStatus {
    /// Whether other sessions have to end first.
    var isShortage: Bool { [.outOfResources, .outOfResourcesForRole].contains(self) }

    /// Whether another cipher suite may be taken.
    var isAboutSuite: Bool {
        [
            .invalidAuthentication, .invalidIntegrity, .invalidConfidentiality,
            .noMatchingAuthentication, .noMatchingIntegrity, .noMatchingSuite,
        ].contains(self)
    }

    /// Whether the BMC does not know what is being opened.
    var isAboutSession: Bool {
        [.invalidSessionID, .inactiveSessionID, .invalidIntegrityCheck].contains(self)
    }
}

extension CompletionCode {
    /// Whether the BMC did nothing, and may answer in a moment.
    var isBusy: Bool { [.nodeBusy, .initialising].contains(self) }
}

extension SessionFailure {
    /// Whether the BMC does not accept who we are, so that trying again may lock the account.
    var isAboutCredentials: Bool {
        switch self {
        case .wrongPassword, .wrongBMCKey: true
        case .refused(_, let status):
            [
                .unauthorisedName, .unauthorisedRole, .invalidRole, .invalidNameLength,
                .unauthorisedGUID, .invalidIntegrityCheck,
            ].contains(status)
        case .otherSuite, .cipher: false
        }
    }
}
