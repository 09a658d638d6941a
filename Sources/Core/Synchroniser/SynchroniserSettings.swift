/// When the synchroniser does what.
public struct SynchroniserSettings: Sendable, Hashable {
    /// The time from the start of one round to the start of the next.
    public var interval: Duration = .seconds(30)
    /// How far apart looks at a device must be to count; nil: nearly an interval, for rounds are not
    /// begun to the millisecond.
    public var lookDistance: Duration?
    /// How many critical looks in a row make a device non-functional.
    public var failAfter = 2
    /// How many good looks in a row make it functional again; those that are not complete don't
    /// count.
    public var recoverAfter = 2
    /// How many looks in a row that reach no BMC make it non-functional.
    public var unreachableAfter = 3
    /// The share of the watched BMCs, in percent, that freezes all moves out of `active` if so many,
    /// or more, fail within ``massWindow``.
    public var maximumFailingPercent = 40.0
    /// Fewer failing BMCs than this never freeze.
    public var minimumFailingToFreeze = 3
    /// How many BMCs are looked at at one time.
    public var concurrency = 256
    /// How many looks that take longer than usual may go on beside those: see ``LookPermits``.
    public var mostAside = 2048
    public var fence = Fence.required
    /// The pauses before a claimed device that was found off is powered on again, one an attempt.
    public var restartPauses: [Duration] = [.zero, .seconds(60), .seconds(300)]

    public init() {}

    /// What happens to a failed device that carries a logical ID and can't be confirmed off.
    public enum Fence: String, Sendable, Hashable, CaseIterable {
        /// It stays described until it is confirmed off.
        case required
        /// It stops being described all the same when its looks have run out.
        case bestEffort = "best-effort"
    }

    /// Within which time BMCs must begin to fail for it to be taken for one fault: twice what it
    /// takes to find that one has failed, for what is moved at its beginning has its replacement,
    /// and the fault may go on.
    public var massWindow: Duration { interval * (2 * max(failAfter, unreachableAfter)) }
}
