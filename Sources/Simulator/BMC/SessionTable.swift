/// The sessions that clients hold with one BMC (DSP0266, "Redfish session login authentication").
struct SessionTable: Sendable {
    struct Session: Sendable {
        let id: String
        let userName: String
        var requests = 0
    }

    /// The most sessions that were open at one time.
    private(set) var most = 0
    /// How many times a wrong user name or password was seen.
    var refusedLogins = 0

    private var byToken: [String: Session] = [:]
    /// How many sessions were opened so far.
    private(set) var created = 0

    var count: Int { byToken.count }

    /// The sessions, the oldest first.
    var all: [Session] {
        byToken.values.sorted { (Int($0.id) ?? 0) < (Int($1.id) ?? 0) }
    }

    /// Notes a request in the session; false if there is none. After its last request, if there
    /// is a limit, the session ends.
    mutating func use(token: String, limit: Int?) -> Bool {
        guard var session = byToken[token] else { return false }
        session.requests += 1
        let isOver = limit.map { session.requests >= $0 } ?? false
        byToken[token] = isOver ? nil : session
        return true
    }

    func session(id: String) -> Session? {
        byToken.values.first { $0.id == id }
    }

    /// Opens a session; nil if `limit` are open.
    mutating func open(userName: String, limit: Int) -> (session: Session, token: String)? {
        guard byToken.count < limit else { return nil }
        created += 1
        let session = Session(id: String(created), userName: userName)
        let token = (0..<4).map { _ in String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16) }
            .joined()
        byToken[token] = session
        most = max(most, byToken.count)
        return (session, token)
    }

    /// Ends a session; false if there is none.
    mutating func close(id: String) -> Bool {
        guard let token = byToken.first(where: { $0.value.id == id })?.key else { return false }
        byToken[token] = nil
        return true
    }

    mutating func closeAll() {
        byToken = [:]
    }
}
