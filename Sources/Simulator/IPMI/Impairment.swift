/// What befalls the datagrams of a simulated network, each way.
public struct Impairment: Sendable, Hashable {
    /// The share of datagrams that get lost, 0 to 1.
    public var loss = 0.0
    /// The share that arrives twice.
    public var duplication = 0.0
    /// The share that is overtaken by what is sent up to ``reorderingDelay`` later.
    public var reordering = 0.0
    /// How long every datagram travels.
    public var delay: Duration = .zero
    /// How much longer one travels that is overtaken.
    public var reorderingDelay: Duration = .milliseconds(50)
    /// What the dice of all BMCs follow from, so that a BMC sees the same luck in every run.
    public var seed: UInt64 = 1

    public init(
        loss: Double = 0, duplication: Double = 0, reordering: Double = 0, delay: Duration = .zero,
        seed: UInt64 = 1
    ) {
        self.loss = loss
        self.duplication = duplication
        self.reordering = reordering
        self.delay = delay
        self.seed = seed
    }

    var isNone: Bool {
        loss <= 0 && duplication <= 0 && reordering <= 0 && delay <= .zero
    }
}
