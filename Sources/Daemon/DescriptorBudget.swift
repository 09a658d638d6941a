/// How the descriptors that the system grants are shared out, so that no one of those who need some
/// takes the others' share: clients above all, who decide themselves how many connections they make.
struct DescriptorBudget: Sendable, Hashable, CustomStringConvertible {
    /// How many descriptors there are.
    let granted: Int
    /// Connections of clients.
    let clients: Int
    /// Connections to BMCs, their streams of events left out.
    let bmcs: Int
    /// Streams of BMCs' events.
    let events: Int
    /// How many BMCs may be connected to at the same time, for each of which a name may have to be
    /// looked up.
    let connecting: Int

    /// Files, event loops and their wake-ups, and IPMI's sockets. Some 25 were seen at rest, and
    /// IPMI takes 64 at the most.
    private static let files = 96
    /// What a look-up takes: a pair of libcurl's, the hosts file or a server's socket, and one spare.
    private static let lookUp = 4
    /// With fewer than this beside the files nobody can be served.
    private static let least = 64

    /// There are too few descriptors to begin.
    struct Shortage: Error, CustomStringConvertible {
        let granted: Int
        let needed: Int

        var description: String {
            "the system grants \(granted) descriptors, and \(needed) are the least: raise the limit"
                + " (ulimit -n, LimitNOFILE=)"
        }
    }

    /// - Parameters:
    ///   - granted: what the system grants (``OpenFileLimit/raise()``).
    ///   - simulated: how many BMCs are simulated in this process, each of which listens, and has
    ///     the other ends of its connections.
    ///   - clients: how many connections of clients are wanted.
    ///   - devices: how many BMCs there may be.
    ///   - listensToEvents: whether each of them has a stream of events.
    init(
        granted: Int, simulated: Int = 0, clients: Int, devices: Int, listensToEvents: Bool
    ) throws(Shortage) {
        let shared = granted - Self.files - simulated
        guard shared >= Self.least else {
            throw Shortage(granted: granted, needed: Self.files + simulated + Self.least)
        }
        self.granted = granted
        // A quarter is for those who ask, the rest for those who are asked.
        self.clients = min(clients, shared / 4)
        let others = shared - self.clients
        connecting = min(128, max(4, others / 16))
        let connections = (others - connecting * Self.lookUp) / (simulated > 0 ? 2 : 1)
        events = listensToEvents ? min(devices, connections / 2) : 0
        bmcs = connections - events
    }

    var description: String {
        "\(granted) descriptors: \(clients) for clients, \(bmcs) for BMCs, \(events) for their events, the rest for files and look-ups of names"
    }
}
