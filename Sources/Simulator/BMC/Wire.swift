internal import NIOCore

/// How a BMC is connected, and what passes its wire.
struct Wire {
    var host: String
    var port: Int
    /// The UDP port; nil if IPMI is not spoken.
    var ipmiPort: Int?
    var isPluggedIn = false
    var listener: (any Channel)?
    var ipmiChannel: (any Channel)?
    var connections: [ObjectIdentifier: any Channel] = [:]

    var isHanging = false
    /// What waits for the end of the hang; told whether the BMC resumed or was unplugged.
    var parked: [@Sendable (_ resumed: Bool) -> Void] = []

    var hook: RequestHook?
    var gates: [RequestGate] = []
    var ipmiHook: IPMIHook?
    /// How many of the next commands over IPMI are answered by `node busy`.
    var busyCommands = 0

    var statistics = BMCStatistics()
    private(set) var log: [LoggedRequest] = []

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    mutating func noteArrival(_ request: SimulatedRequest, logLimit: Int) {
        statistics.requests += 1
        statistics.requestsInFlight += 1
        statistics.mostRequestsInFlight = max(
            statistics.mostRequestsInFlight, statistics.requestsInFlight)
        guard logLimit > 0 else { return }
        // Trimmed in bulk, so that a line costs the same however long the log is.
        if log.count >= 2 * logLimit { log.removeFirst(log.count - logLimit + 1) }
        log.append(LoggedRequest(method: request.method, path: request.path))
    }
}
