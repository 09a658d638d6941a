/// How long the steps of a reconciler may take, and what BMCs are believed capable of. The defaults
/// are for real hardware; tests shrink or stretch them.
public struct ReconcilerTimes: Sendable, Hashable {
    /// When a caller of a provision is answered at the latest; InfraKit's client drops the
    /// connection after 15 s.
    public var answer: Duration = .seconds(10)
    /// How long a caller of a destroy waits for the BMC to take the command.
    public var destroyAnswer: Duration = .seconds(2)
    /// How long a machine may take from the power command until its BMC confirms the new state.
    public var powerChange: Duration = .seconds(180)
    /// How long an On that was sent may still be on its way, counted from when the BMC next
    /// answered: twice ``powerChange``, for what was given up may act all the same, and half a minute
    /// for the request itself, which may be under way while others are answered.
    public var latestOn: Duration = .seconds(390)
    /// How old an On may be that a BMC which has hung carries out within ``powerChange`` of its
    /// coming back.
    public var longestHang: Duration = .seconds(3600)
    /// How long Off must be shown before it is believed, where no look saw the machine run before
    /// our power-off: a guest that restarts itself is off for some seconds, and a BMC that has
    /// restarted shows Off until it has asked the host.
    public var unexplainedOff: Duration = .seconds(90)
    /// How long Off must be shown where the machine went off before its power was cut, though it was
    /// seen running: a guest that was asked to shut down may restart by way of a power cycle.
    public var guestRestart: Duration = .seconds(10)
    /// How long after a command that was taken, and has shown no effect, it is sent once more.
    public var resend: Duration = .seconds(40)
    /// How often an On is sent again at the most.
    public var mostResends = 2
    /// How long an On whose answer was lost is given to show before it is sent again.
    public var doubt: Duration = .seconds(10)
    /// How long a step whose instance the caller knows already is tried again while its BMC does
    /// not answer or is busy.
    public var patience: Duration = .seconds(300)
    /// The first pause between two looks or two attempts; each is half as long again as the one
    /// before.
    public var firstPause: Duration = .milliseconds(50)
    /// The longest pause between two looks.
    public var longestPause: Duration = .seconds(5)
    /// The longest pause between two attempts at a BMC that does not answer, refuses us, or stands
    /// for another machine.
    public var longestRetryPause: Duration = .seconds(30)

    public init() {}

    /// The pauses between attempts, growing from the first to the longest, without end.
    func pauses() -> some IteratorProtocol<Duration> {
        let longest = longestPause
        return sequence(first: firstPause) { min($0 * 3 / 2, longest) }.makeIterator()
    }
}
