public import Core

/// How a ``SimulatedRack`` is made.
public struct RackConfiguration: Sendable {
    /// Where the BMCs listen.
    public enum Addressing: Sendable, Hashable {
        /// As ``addresses`` where the machine lets a program listen on 127.23.0.1, else ``ports``.
        case automatic
        /// Each on a loopback address of its own, `127.23.x.y`, all on one port.
        case addresses
        /// Each on a port of its own, at 127.0.0.1.
        case ports
    }

    /// How many BMCs; at most ``SimulatedRack/maximumCount``.
    public var count: Int
    /// What the BMCs are served from, in turn; if empty, a server that is built in.
    public var fixtures: [Fixture] = []
    public var protocols = RackProtocols.redfish
    /// How they speak IPMI, if they do.
    public var ipmi = IPMIConfiguration()
    /// Whether they speak TLS; see ``SimulatedRack/caPEM``.
    public var https = false
    /// The account of every BMC; nil if they ask for none.
    public var credentials: Credentials?
    public var addressing = Addressing.automatic
    /// The TCP port, or the first of them; 0 takes what is free.
    public var port = 0
    /// The power state to begin with; nil for what the fixture recorded.
    public var initialPower: PowerState?
    /// How long a power change takes.
    public var powerDelay: Duration = .milliseconds(50)
    /// How long an operating system takes to shut down; nil if it does not react.
    public var shutdownDelay: Duration? = .milliseconds(50)
    /// How the BMCs differ from the standard; none for well-behaved ones, which check ETags where
    /// a client sends them.
    public var dialects: Set<Dialect> = []
    /// What the BMCs make of power commands to begin with; nil for what ``dialects`` say.
    public var powerFault: PowerFault?
    /// How many sessions a BMC holds at one time.
    public var sessionLimit = 16
    /// The largest body that a BMC takes, in bytes.
    public var maximumBodySize = 65_536
    /// How many requests a BMC's log holds.
    public var requestLogLimit = 100

    public init(count: Int) {
        self.count = count
    }
}
