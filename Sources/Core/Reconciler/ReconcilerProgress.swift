/// How far a reconciler has come, for those who wait for it.
struct ReconcilerProgress: Sendable {
    /// What the claim is at; nil if it is gone, or nobody has looked yet.
    var state: ClaimState?
    /// Whether there is no such claim any more.
    var isGone = false
    /// Whether the BMC has taken a command to power off, or the machine is off.
    var isOffTaken = false
    /// Why the last thing that was tried failed; nil if it did not.
    var error: String?
    /// Why a start was given up.
    var surrender: Surrender?

    struct Surrender: Sendable {
        let reason: String
        /// Whether the BMC has a drive for the media and refused them.
        let isOfMedia: Bool
    }

    var isAtRestOrGone: Bool { isGone || state?.isAtRest == true }

    /// The claim has come to something else.
    mutating func enter(_ state: ClaimState) {
        self.state = state
        isOffTaken = false
        error = nil
    }
}
