public import Core

/// How the BMCs of a ``SimulatedRack`` speak IPMI over LAN.
public struct IPMIConfiguration: Sendable {
    /// The UDP ports, tried in this order until the BMCs can listen on one; 0 takes what is free.
    public var ports = [0]
    /// The accounts beside ``RackConfiguration/credentials``, which are an administrator's.
    public var users: [SimulatedIPMIUser] = []
    /// K_G (IPMI v2.0 13.31); nil for none, as nearly everywhere.
    public var bmcKey: Secret?
    /// The cipher suites that are taken, by number, of 0, 1, 2, 3, 15, 16 and 17.
    public var cipherSuites = [3, 17]
    /// How many sessions a BMC holds at one time; real ones have 4 to 36.
    public var sessionLimit = 16
    /// After what time without a request a session ends (IPMI v2.0 6.12.15 has 60 s).
    public var idleTimeout: Duration = .seconds(60)
    /// How many bytes of a record or an inventory a read may ask for; some BMCs return no more than
    /// 16 at a time.
    public var readLimit = 255
    /// What befalls datagrams.
    public var impairment = Impairment()

    public init() {}
}
