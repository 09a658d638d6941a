/// How far a reconciler has come, for those who wait for it.
struct ReconcilerProgress: Sendable {
    /// What the claim is at; nil if it is gone, or was not looked up yet.
    private(set) var state: ClaimState?
    /// Whether the claim was looked up.
    private(set) var isKnown = false
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

    /// The claim was looked up.
    mutating func note(_ state: ClaimState?) {
        self.state = state
        isKnown = true
    }

    var isGone: Bool { isKnown && state == nil }

    var isAtRestOrGone: Bool { isGone || state?.isAtRest ?? false }
}
