internal import Foundation

/// What a reconciler does next.
enum ReconcilerStep: Sendable, Hashable {
    /// Nothing is left to do.
    case rest
    case look
    /// Waits, then looks again.
    case wait(Duration)
    case readFacts
    case write(Transition)
    case release(because: String)
    case insertMedia(MediaImage)
    case setBoot(BootOverride)
    /// Puts into the record that an On is about to be sent, then sends it.
    case powerOn
    case shutDown(grace: Duration)
    case cutPower
    case ejectMedia(MediaImage)
    case clearBoot
    /// The power was cut for as long as a change may take, and the machine runs: says so, and begins
    /// anew.
    case complain(String)

    var isPause: Bool {
        if case .wait = self { true } else { false }
    }

    /// What becomes of the record.
    enum Transition: Sendable, Hashable {
        case advance(ClaimState.StartStep)
        case run
        /// `isOff`: the machine was confirmed off.
        case fail(ClaimState.Failure, isOff: Bool)
        /// A failed machine could not be powered on again, and may start yet: it is powered off.
        case refence(ClaimState.Failure)
        /// A restart was in vain; whoever watches decides what comes next.
        case endRestart
        /// A start has failed; `isUntouched`: nothing was changed on the machine.
        case giveUp(reason: String, isUntouched: Bool, isOfMedia: Bool)
        case discard(ClaimState.Failure)
        /// The BMC has answered since the last On.
        case noteAnswer
    }
}

/// What a reconciler's rules look at.
struct ReconcilerView: Sendable {
    let claim: Claim
    let properties: SpecProperties
    let memory: ReconcilerMemory
    /// What is known of the machine; nil if nothing is.
    var facts: Facts?
    var hasLastingFacts = false
    /// Since when the BMC has answered without falling silent; nil if it does not.
    var answeringSince: Duration?
    /// Another instance that lives on the same machine.
    var twin: String?
    /// Whether the caller knows the instance already, so that nothing is gained by another machine.
    var isPatient = true
    /// Whether the caller has been told that there is no instance.
    var isAbandoned = false
    /// The time, as ``TimeSource/uptime`` gives it, the date, and the date that nobody sets.
    let now: Duration
    let date: Date
    let steadyDate: Date
    let times: ReconcilerTimes

    /// Whether the BMC has been answering only for a short while: it may show Off for a machine that
    /// runs.
    var isBack: Bool { answeringSince.map { now - $0 < times.unexplainedOff } ?? true }

    /// Whether the machine may be running though it was seen off: not if this start found it so.
    var mayRun: Bool {
        if case .starting = claim.state { false } else { true }
    }
}
