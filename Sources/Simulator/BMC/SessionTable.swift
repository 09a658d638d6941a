/// The sessions that clients hold with one BMC (DSP0266, "Redfish session login authentication").
struct SessionTable: Sendable {
    struct Session: Sendable {
        let id: String
        let userName: String
    }

    private var byToken: [String: Session] = [:]
    private var created = 0

    var count: Int { byToken.count }

    /// The sessions, the oldest first.
    var all: [Session] {
        byToken.values.sorted { (Int($0.id) ?? 0) < (Int($1.id) ?? 0) }
    }

    func holds(token: String) -> Bool {
        byToken[token] != nil
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
