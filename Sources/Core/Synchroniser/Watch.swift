internal import Foundation

/// What the looks at one device have come to.
struct Watch: Sendable {
    /// What is watched: counts begin anew with each claim and each machine.
    struct Subject: Hashable, Sendable {
        let instance: String?
        let generation: Int

        init(_ status: DeviceStatus) {
            instance = status.claim?.id
            generation = status.generation
        }
    }

    let subject: Subject
    var criticalLooks = 0
    /// Whether the last look that got an answer was critical, even if it came too soon to count.
    var isCritical = false
    /// How many looks in a row got no answer, whoever looked.
    var unreachableLooks = 0
    /// When the device had answered last, as of the last of those.
    var lastAnswer: Date?
    var misplacedLooks = 0
    var goodLooks = 0
    var looksOn = 0
    var restarts = 0
    var restartDue: Duration?
    var isForeign = false
    /// When a look was counted last.
    var lastCounted: Duration?
    /// Since when looks say that the device fails; nil if the last that said anything was good.
    var failingSince: Duration?
    /// Whether a look since the start has found the device well.
    var wasWell = false
    /// Whether the device has failed for so long, or before anybody looked, that it says nothing
    /// about a fault that many have in common.
    var isOld = false

    init(_ subject: Subject) {
        self.subject = subject
    }
}
