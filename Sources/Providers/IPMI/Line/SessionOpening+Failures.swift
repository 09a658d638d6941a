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
        case .refused(let step, let status) where status.isShortage:
            // There are BMCs that say so to a suite that they don't master.
            if step == SessionMachine.Step.openSession, !isFromMemory, slotRefusals == 0,
                !candidates.isEmpty
            {
                setAside.append(suite)
                return propose(candidates.removeFirst(), now)
            }
            if let action = waitForSlot(now) { return action }
        case .refused(_, let status) where status.isAboutSuite:
            return proposeNext(now)
        case .refused(let step, let status) where status.isAboutAccess && lowers(after: step):
            return propose(suite, now)
        case .refused(SessionMachine.Step.openSession, let status)
        where [.unauthorisedRole, .illegalParameter].contains(status)
            && (!candidates.isEmpty || isFromMemory):
            return proposeNext(now)
        case .otherSuite where !candidates.isEmpty || isFromMemory:
            return proposeNext(now)
        case .shortCode, .blankCode:
            brokenSuite = failure
            if !candidates.isEmpty || isFromMemory { return proposeNext(now) }
        case .refused(_, let status) where status.isAboutSession:
            // The BMC lost the thread: it dropped the opening meanwhile, or made a new random
            // number when a question was sent again.
            if let action = restart(now, atMost: hasCopies ? 2 : 1) { return action }
            if hasCopies, case .refused(let step, _) = failure {
                return .failed(.session(.crossed(step: step, status)), session: nil)
            }
        default: break
        }
        return .failed(.session(failure), session: nil)
    }

    /// Leaves the BMC time to get a slot free; nil if that was long enough.
    private mutating func waitForSlot(_ now: Duration) -> Action? {
        if let first = setAside.first { suite = first }
        setAside = []
        guard slotRefusals < rules.timing.slotRetries else { return nil }
        let pause = rules.timing.firstSlotPause * (1 << slotRefusals)
        slotRefusals += 1
        wait = .proposeAgain(at: now + pause)
        return .wait
    }

    /// Asks for less privilege from now on; false where the inventory says what to ask for, or that
    /// was done.
    mutating func lower() -> Bool {
        guard access.mayLower, privilege > .operator else { return false }
        privilege = .operator
        return true
    }

    private mutating func lowers(after step: String) -> Bool {
        step != SessionMachine.Step.rakp3 && lower()
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
            if !setAside.isEmpty, let action = waitForSlot(now) { return action }
            if let brokenSuite { return .failed(.session(brokenSuite), session: nil) }
            // For the error's sake, the BMC is asked what it would take.
            if !wasListed { return list(0, after: [], now) }
            return .failed(noCommonSuite, session: nil)
        }
        return propose(candidates.removeFirst(), now)
    }

    var noCommonSuite: IPMIFailure {
        .noCommonSuite(offered: offered ?? [], allowed: access.suites.map(\.id))
    }

    /// Begins again with a BMC that does answer; nil if that was done.
    private mutating func restart(_ now: Duration, atMost limit: Int = 1) -> Action? {
        guard wasHeard, restarts < limit else { return nil }
        restarts += 1
        if hasCopies { pace.misjudged(longestStep) }
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

    /// Whether it is the user or the privilege that the BMC does not accept; BMCs mean either by
    /// each of them.
    var isAboutAccess: Bool {
        [.unauthorisedName, .unauthorisedRole, .invalidRole].contains(self)
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
        case .wrongPassword, .wrongLongPassword, .wrongBMCKey: true
        case .refused(_, let status):
            [
                .unauthorisedName, .unauthorisedRole, .invalidRole, .invalidNameLength,
                .unauthorisedGUID, .invalidIntegrityCheck,
            ].contains(status)
        case .crossed, .shortCode, .blankCode, .otherSuite, .cipher: false
        }
    }
}
