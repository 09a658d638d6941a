/// What a reconciler knows beside the record: looks, and what it has done since the claim came to
/// its present state. A crash loses it without harm: what must not be lost is in the record.
struct ReconcilerMemory: Sendable {
    /// What the last look brought.
    enum LastLook: Sendable {
        case none
        case answered(Observation, SeenMachine)
        case failed(ProviderError)
    }

    /// A command that was sent and has not shown its effect.
    struct Sent: Sendable {
        var at: Duration
        /// Whether it was taken, or may have been.
        var isTaken: Bool
        var error: ProviderError?
        /// Whether the machine was seen off before.
        var wasOff = false
    }

    private(set) var look = LastLook.none
    /// What the last look that got an answer has shown.
    private var lastPower: PowerState?
    /// Whether the last look came after the last thing that was done.
    private(set) var isFresh = false
    /// Since when all looks have shown Off.
    private(set) var offSince: Duration?
    /// Whether a look has seen the machine run since it is to be off, and the BMC has answered
    /// everybody since.
    private(set) var hasSeenRunning = false
    /// How often the BMC had come back from silence at the last look.
    private var comebacks: Int?
    /// When the BMC first answered after the last On.
    private(set) var answered: Duration?
    /// When the first answer came.
    private(set) var lookingSince: Duration?
    /// How many of the Ons that the record has on their way are so no longer: they were refused, or
    /// seen to act.
    private(set) var accountedOns = 0
    /// What the record should say of the machine from now on.
    private(set) var learned: Machine?

    // MARK: What was done

    private(set) var on: Sent?
    /// When the first On of this start was sent.
    private(set) var firstOn: Duration?
    private(set) var resends = 0
    /// Until when the operating system has time to shut down; nil if it was not asked.
    private(set) var graceEnd: Duration?
    private(set) var wasShutdownRefused = false
    private(set) var cut: Sent?
    private(set) var firstCut: Duration?
    var hasMedia = false
    var hasBoot = false
    var isEjected = false
    var isCleared = false
    var hasAskedForFacts = false
    /// Why the last thing that was tried failed, and since when nothing has succeeded.
    private(set) var trouble: Trouble?

    struct Trouble: Sendable {
        var since: Duration
        var at: Duration
        var error: ProviderError
        var isOfMedia = false
        /// What was being done: a look that succeeds ends the trouble of looks alone.
        var isOfLook = false
    }

    private var pause: Duration = .zero
    /// Whether there was a pause since something was tried in vain, if anything was.
    private(set) var hasPaused = true
    private let times: ReconcilerTimes

    /// Whether what was tried last has failed in a way that no look mends, so that the next try is
    /// to wait.
    private(set) var mustPause = false

    /// - Parameter old: what was known before the claim came to its present state.
    init(times: ReconcilerTimes, after old: ReconcilerMemory? = nil) {
        self.times = times
        guard let old else { return }
        // The record has not been told of these yet, whoever has changed it.
        accountedOns = old.accountedOns
        // What was seen running then is no news when it is seen again.
        lastPower = old.lastPower
        learned = old.learned
        answered = old.answered
    }

    /// The pause before the next look or attempt; it grows until something happens.
    mutating func nextPause() -> Duration {
        let longest =
            switch look {
            case .failed: times.longestRetryPause
            case .answered(_, let seen) where !seen.verdict.isSame: times.longestRetryPause
            case .none, .answered: times.longestPause
            }
        hasPaused = true
        pause = pause == .zero ? times.firstPause : min(pause * 3 / 2, longest)
        isFresh = false
        mustPause = false
        return pause
    }

    /// Something has happened: the next looks follow quickly.
    private mutating func quicken() {
        pause = .zero
        isFresh = false
    }

    /// The next step is a pause, whatever the rules want.
    mutating func owePause() {
        mustPause = true
    }

    /// What took its time was done: a look before it may be old.
    mutating func doubtLook() {
        isFresh = false
        mustPause = false
    }

    // MARK: Looks

    /// - Parameters:
    ///   - isOnAwaited: an On was sent, and no look has seen the machine run since.
    ///   - isBack: the BMC has been answering only for a short while: it may have shown Off for a
    ///     machine that runs, which then goes On without an On that has acted.
    mutating func note(
        _ observation: Observation, _ seen: SeenMachine, at now: Duration, isOnAwaited: Bool,
        isBack: Bool
    ) {
        // It may have restarted, and show Off until it has asked the host.
        if comebacks != seen.comebacks {
            hasSeenRunning = false
            offSince = nil
        }
        comebacks = seen.comebacks
        let before = lastPower
        lastPower = observation.power
        if let machine = seen.learned { learned = machine }
        look = .answered(observation, seen)
        isFresh = true
        if lookingSince == nil { lookingSince = now }
        if answered == nil { answered = now }
        if trouble?.isOfLook ?? false { trouble = nil }
        if observation.power == .off {
            if offSince == nil { offSince = now }
        } else {
            if observation.power == .on {
                let wasOff = before == .off || before == .poweringOn
                noteRunning(
                    wasOff: wasOff, hasActed: wasOff ? !isBack : before == nil && isOnAwaited)
            }
            offSince = nil
            if observation.power != .unknown { hasSeenRunning = true }
        }
        if before != observation.power, before != nil { pause = .zero }
    }

    /// Perhaps an On that was on its way has acted. What was to power the machine off came before it.
    private mutating func noteRunning(wasOff: Bool, hasActed: Bool) {
        if hasActed { accountedOns += 1 }
        if wasOff { restartCut() }
    }

    mutating func noteFailedLook(_ error: ProviderError, at now: Duration) {
        look = .failed(error)
        isFresh = true
        noteTrouble(error, at: now, isOfLook: true)
    }

    /// The power that the last look showed; nil if there was none, or it failed.
    var power: PowerState? {
        if case .answered(let observation, _) = look { observation.power } else { nil }
    }

    // MARK: Deeds

    /// An On is about to be sent, and the record says so.
    mutating func noteOn(at now: Duration) {
        if firstOn == nil {
            firstOn = now
            pause = .zero
        } else {
            resends += 1
        }
        on = Sent(at: now, isTaken: false)
        answered = nil
        isFresh = false
    }

    /// The record has what was to be kept.
    mutating func noteWritten() {
        accountedOns = 0
        learned = nil
    }

    /// How the On went; nil if it was taken.
    mutating func noteOnAnswer(_ error: ProviderError?, at now: Duration, mayRun: Bool) {
        on?.error = error
        on?.isTaken = error.map(\.mayHaveActed) ?? true
        if let error { noteTrouble(error, at: now) } else { noteSuccess() }
        if let error, !error.mayHaveActed { accountedOns += mayRun ? 2 : 1 }
        if error.map({ !$0.isUnanswered }) ?? true { answered = now }
        if on?.isTaken ?? false { quicken() }
    }

    mutating func noteShutdown(_ error: ProviderError?, grace: Duration, at now: Duration) {
        if let error, !error.mayHaveActed {
            wasShutdownRefused = true
            graceEnd = now
        } else {
            graceEnd = now + grace
        }
        quicken()
    }

    mutating func noteCut(_ error: ProviderError?, at now: Duration) {
        if firstCut == nil { firstCut = now }
        // Of a machine that is off, a refusal is an answer, too.
        let isTaken =
            error.map { $0.mayHaveActed || ($0.kind == .refused && power == .off) } ?? true
        cut = Sent(at: now, isTaken: isTaken, error: error, wasOff: power == .off)
        if let error, !isTaken { noteTrouble(error, at: now) } else { noteSuccess() }
        if isTaken { quicken() }
    }

    /// It has been tried for long enough: it begins anew.
    mutating func restartCut() {
        cut = nil
        firstCut = nil
    }

    mutating func noteTrouble(
        _ error: ProviderError, at now: Duration, isOfMedia: Bool = false, isOfLook: Bool = false
    ) {
        trouble = Trouble(
            since: trouble?.since ?? now, at: now, error: error, isOfMedia: isOfMedia,
            isOfLook: isOfLook)
        if !isOfLook { hasPaused = false }
    }

    mutating func noteSuccess() {
        trouble = nil
        hasPaused = true
        pause = .zero
    }
}
