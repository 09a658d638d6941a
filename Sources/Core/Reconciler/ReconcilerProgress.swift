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

    /// Whether the claim keeps nobody from having its logical ID.
    var isLogicalIDFree: Bool { isGone || state?.holdsLogicalID == false }

    /// Whether the instance is to go, and its machine is off or about to be.
    var isBeingFreed: Bool { isGone || (state?.goal == .free && isOffTaken) }

    /// The claim has come to something else.
    mutating func enter(_ state: ClaimState) {
        let goesOn =
            if case .starting = self.state, case .starting = state { true } else { false }
        self.state = state
        guard !goesOn else { return }
        isOffTaken = false
        error = nil
    }
}
