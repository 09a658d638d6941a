/// What looks at a device have said of the machine that stands there.
struct Sighting: Hashable {
    /// As last seen.
    var identity = SystemIdentity()
    /// As the machine was known that stood here before.
    var previous = SystemIdentity()
    /// What changed over and over while the BMC never fell silent, so that it identifies nothing.
    var unreliable: Set<SystemIdentity.Identifier> = []
    /// How often looks have said another machine since the BMC fell silent last.
    var changes = 0
    /// Whether the BMC has been silent since the last look that said who it is, or nobody has
    /// looked.
    var wasSilent = true
    /// Since when the BMC has answered without falling silent; nil if it has not answered.
    var answeringSince: Duration?
    /// When a look ended last, whatever came of it.
    var lastLook: Duration?
    /// Since when the BMC tells nothing by which the machine could be told from another, though it did
    /// before it was silent.
    var namelessSince: Duration?
    /// How often it has answered after it had been silent to anybody.
    var comebacks = 0
    /// Counts the machines that stood here; what was learnt of one says nothing about the next.
    var generation = 0
    /// Why the machine is not the one that the claim is about.
    var mismatch: String?
    /// When that was first seen.
    var mismatchSince: Duration?

    mutating func forgetMismatch() {
        mismatch = nil
        mismatchSince = nil
    }
}

/// Whether the machine that a look has seen is the one that a claim is about.
enum IdentityVerdict: Sendable, Hashable {
    case same
    /// It is another, or may be: `another machine stands here: serial A, claimed was B`.
    case other(String)

    var isSame: Bool { self == .same }
}

/// What the pool made of a look.
struct SeenMachine: Sendable, Hashable {
    var verdict = IdentityVerdict.same
    /// Whether the inventory has changed while the BMC was looked at: the look says nothing.
    var isStale = false
    /// Whether the BMC does not say yet which machine it stands for, so that the look says nothing.
    var isNameless = false
    /// See ``Sighting/comebacks``.
    var comebacks = 0
    /// Another device that is the same machine.
    var twin: String?
    /// What the claim's record should say of the machine from now on; nil if it does already.
    var learned: Machine?
    /// What a person should know: an identifier has changed, or there is another machine.
    var news: [String] = []
    /// Whether another machine stands here than before, and nothing claims it.
    var isNewMachine = false
}
