import Foundation

@testable import Core
@testable import TestSupport

/// The reconciler's rules over one claim, whose looks and commands a test makes up.
struct ReconcilerBench {
    var claim: Claim
    var properties = SpecProperties()
    var memory: ReconcilerMemory
    var now: Duration = .zero
    var twin: String?
    var comebacks = 0
    var answeringSince: Duration? = .seconds(-86_400)
    var seenTwin: String?
    var isPatient = true
    var isAbandoned = false
    let times = ReconcilerTimes()

    static let failure = ClaimState.Failure(
        since: Date(timeIntervalSince1970: 0), reasons: ["PSU 2"])
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    init(_ state: ClaimState, _ power: SentPower = SentPower(), logicalID: String? = nil) {
        claim = Claim(
            id: "i1", spec: .group("g", logicalID: logicalID), state: state, claimedAt: nil,
            order: 1, power: power)
        memory = ReconcilerMemory(times: times)
    }

    /// An On that was sent so many seconds ago, and seen to be on its way so many.
    static func sent(_ ons: Int = 1, answered: TimeInterval? = nil) -> SentPower {
        SentPower(
            pendingOns: ons, lastOn: start, answered: answered.map { start + $0 })
    }

    var next: ReconcilerStep {
        let date = Self.start + Double(now.milliseconds) / 1000
        return ReconcilerRules.next(
            ReconcilerView(
                claim: claim, properties: properties, memory: memory,
                answeringSince: answeringSince, twin: twin,
                isPatient: isPatient, isAbandoned: isAbandoned, now: now,
                date: date, steadyDate: date, times: times))
    }

    var isWaiting: Bool { if case .wait = next { true } else { false } }

    mutating func pass(_ seconds: Int) { now += .seconds(seconds) }

    mutating func see(
        _ power: PowerState, _ health: Health = .ok, other: String? = nil
    ) {
        memory.doubtLook()
        memory.note(
            Observation(power: power, health: health, date: Date()),
            SeenMachine(
                verdict: other.map { .other($0) } ?? .same, comebacks: comebacks, twin: seenTwin),
            at: now,
            isOnAwaited: claim.power.pendingOns > 0 && claim.power.answered == nil,
            isBack: answeringSince.map { now - $0 < times.unexplainedOff } ?? true)
    }

    /// Whether Off, seen from now on, is believed after so many seconds and no sooner.
    mutating func holdsOff(for seconds: Int) -> Bool {
        see(.off)
        let waitsAtFirst = isWaiting
        pass(seconds - 1)
        see(.off)
        let waitsTillTheEnd = isWaiting
        pass(2)
        see(.off)
        return waitsAtFirst && waitsTillTheEnd && next == .release(because: "powered off")
    }

    /// The BMC answers again after it was silent to somebody.
    mutating func comeBack() {
        comebacks += 1
        answeringSince = now
    }

    mutating func failLook(_ error: ProviderError = .silence) {
        memory.noteFailedLook(error, at: now)
        if error.kind == .unreachable { comeBack() }
    }

    mutating func cut(_ error: ProviderError? = nil) { memory.noteCut(error, at: now) }
}
