internal import Foundation

/// A record as it is being changed, with the one sequence that all orders are drawn from.
public struct RecordDraft: Sendable {
    public internal(set) var record: DeviceRecord
    public var claim: Claim
    private(set) var sequence: UInt64

    init(_ record: DeviceRecord, _ claim: Claim, sequence: UInt64) {
        self.record = record
        self.claim = claim
        self.sequence = sequence
    }

    /// A number that is higher than any before.
    mutating func draw() -> Int64 {
        sequence += 1
        return Int64(clamping: sequence)
    }

    /// The record with the claim in it.
    var changed: DeviceRecord {
        var changed = record
        changed.claim = claim
        return changed
    }

    // MARK: What may become of a claim

    /// Merges labels into the tags. Into another group the instance takes its disks along.
    mutating func label(_ labels: [String: String]) {
        let old = claim.logicalIDKey
        claim.spec.tags.merge(labels) { _, new in new }
        if old != nil, claim.logicalIDKey != old, record.lastCarrier?.key == old { carry() }
    }

    /// Goes on with a start.
    mutating func advance(to step: ClaimState.StartStep) {
        claim.state = .starting(step)
    }

    /// The machine's disks may hold from here on what the instance leaves there.
    private mutating func carry() {
        guard let key = claim.logicalIDKey else { return }
        record.lastCarrier = LastCarrier(key: key, sequence: draw())
    }

    /// A start ends before the machine was seen on: an On that was sent may act all the same.
    private mutating func endStart() {
        guard case .starting = claim.state, claim.power.pendingOns > 0 else { return }
        carry()
    }

    /// The machine was seen on: at rest, at the front if it comes back.
    mutating func run() {
        if case .starting = claim.state { carry() }
        if !claim.state.isDescribed {
            claim.order = -draw()
            carry()
        }
        claim.power.isConfirmedOff = false
        claim.state = .running
    }

    /// The machine has failed: at rest, at the end of `nonFunctional`.
    mutating func fail(_ failure: ClaimState.Failure) {
        if claim.state.isDescribed { claim.order = draw() }
        claim.state = .failed(failure)
    }

    /// The instance stops being described while its machine is still being powered off.
    mutating func discard(_ failure: ClaimState.Failure) {
        if claim.state.isDescribed { claim.order = draw() }
        claim.state = .discarding(failure)
    }

    /// A start has failed: what was done is undone, and nobody else gets the logical ID before.
    mutating func undo(_ failure: ClaimState.Failure) {
        endStart()
        guard claim.logicalIDKey != nil else { return discard(failure) }
        // It is described again, so it comes to the front as all that comes back.
        if !claim.state.isDescribed { claim.order = -draw() }
        claim.state = .undoing(failure)
    }

    /// The instance is to go.
    mutating func stop() {
        endStart()
        switch claim.state {
        case .starting, .running, .restarting, .fencing: claim.state = .stopping
        case .refencing(let failure), .reviving(let failure): undo(failure)
        case .failed(let failure): discard(failure)
        case .stopping, .undoing, .discarding: break
        }
    }

    /// Of the Ons that were sent, so many were refused or seen to act.
    mutating func account(for ons: Int) {
        claim.power.pendingOns = max(0, claim.power.pendingOns - ons)
    }

    /// The BMC has answered since the last On.
    mutating func noteAnswer(at date: Date) {
        if claim.power.answered == nil { claim.power.answered = date }
    }

    /// A command that leads to On is about to be sent.
    /// - Parameter mayRun: whether the machine may be running already, as behind a BMC that lies
    ///   after its restart, or under a guest that has itself cycled. Then it counts twice, for one
    ///   look that sees the machine run does not show that it has acted.
    mutating func noteOn(at date: Date, mayRun: Bool) {
        claim.power.pendingOns += mayRun ? 2 : 1
        claim.power.lastOn = date
        claim.power.answered = nil
        claim.power.isConfirmedOff = false
    }

    /// The machine was confirmed off, and no On can be on its way.
    mutating func confirmOff() {
        claim.power = SentPower(isConfirmedOff: true)
    }
}
