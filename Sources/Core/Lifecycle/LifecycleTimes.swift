/// How long the steps of a provision and of a destroy may take.
public struct LifecycleTimes: Sendable, Hashable {
    /// When a caller is answered at the latest; InfraKit's client drops the connection after 15 s.
    public var answer: Duration = .seconds(10)
    /// How long a device may take from the power command until its BMC confirms the new state.
    public var powerChange: Duration = .seconds(180)
    /// How long a step whose instance the caller knows already is tried again while its BMC does
    /// not answer or is busy.
    public var patience: Duration = .seconds(300)
    /// The first pause between two looks or two attempts; each is half as long again as the one
    /// before.
    public var firstPause: Duration = .milliseconds(50)
    /// The longest pause between two looks.
    public var longestPause: Duration = .seconds(5)

    public init() {}

    /// The pauses between attempts, growing from the first to the longest, without end.
    func pauses() -> some IteratorProtocol<Duration> {
        let longest = longestPause
        return sequence(first: firstPause) { min($0 * 3 / 2, longest) }.makeIterator()
    }
}
