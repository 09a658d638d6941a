public import Foundation

/// What a claim's record keeps of power commands, so that what a BMC carries out late is not taken
/// for somebody else's doing, nor a machine that will start yet for one that is off.
public struct SentPower: Sendable, Hashable {
    /// How many commands that lead to On (also a cycle or a reset) were sent, or were about to be,
    /// and were neither refused nor seen to act; one of which that can't be seen counts twice.
    public var pendingOns: Int
    /// When the last of them was about to be sent.
    public var lastOn: Date?
    /// When the BMC first answered after that; nil as long as it has not, or nobody has noted it.
    public var answered: Date?
    /// Whether the machine was confirmed off since, by our doing.
    public var isConfirmedOff: Bool

    public init(
        pendingOns: Int = 0, lastOn: Date? = nil, answered: Date? = nil,
        isConfirmedOff: Bool = false
    ) {
        self.pendingOns = pendingOns
        self.lastOn = lastOn
        self.answered = answered
        self.isConfirmedOff = isConfirmedOff
    }
}
