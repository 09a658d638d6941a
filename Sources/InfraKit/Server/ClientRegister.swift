internal import Locking

/// All connections of a server's clients, and whose turn it is on each: so many from one address, so
/// many together.
///
/// Where there are too many, the one goes that has kept us waiting longest, be it for a request's
/// rest or for the next request: whoever sends a request and reads its answer is never starved by
/// those who only hold connections. One whose call is worked on stays.
final class ClientRegister: Sendable {
    private struct Client {
        let address: String?
        /// By which the one that has waited longest is found; nil while its call is worked on.
        var turn: UInt64?
        let close: @Sendable () -> Void
    }

    private struct State {
        var clients: [ObjectIdentifier: Client] = [:]
        /// How many there are by address.
        var counts: [String: Int] = [:]
        var lastTurn: UInt64 = 0
    }

    private let maximum: Int
    private let maximumPerAddress: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - maximum: how many there may be; one more is let in, to see whether another can go.
    ///   - maximumPerAddress: how many from one IP address; what has none (a Unix socket) is not
    ///     bounded so.
    init(maximum: Int, maximumPerAddress: Int) {
        self.maximum = maximum
        self.maximumPerAddress = maximumPerAddress
    }

    /// How many connections there are.
    var count: Int { state.withLock { $0.clients.count } }

    /// Takes in a connection.
    /// - Parameter close: closes it, on any thread.
    /// - Returns: false if it has to go, because calls of all others of its address are worked on.
    func enter(
        _ id: ObjectIdentifier, from address: String?, close: @escaping @Sendable () -> Void
    ) -> Bool {
        let (isWelcome, victim): (Bool, Client?) = state.withLock { state in
            var victim: Client?
            if let address, state.counts[address, default: 0] >= maximumPerAddress {
                victim = Self.dismiss(&state) { $0.address == address }
                if victim == nil { return (false, nil) }
            } else {
                victim = dismissSurplus(&state, beside: 1)
            }
            state.lastTurn += 1
            state.clients[id] = Client(address: address, turn: state.lastTurn, close: close)
            if let address { state.counts[address, default: 0] += 1 }
            return (true, victim)
        }
        victim?.close()
        return isWelcome
    }

    /// Notes whether the client is to do something next, or we are.
    func note(_ id: ObjectIdentifier, awaitsClient: Bool) {
        let victim: Client? = state.withLock { state in
            state.lastTurn += 1
            state.clients[id]?.turn = awaitsClient ? state.lastTurn : nil
            return awaitsClient ? dismissSurplus(&state, beside: 0) : nil
        }
        victim?.close()
    }

    /// The connection is closed.
    func leave(_ id: ObjectIdentifier) {
        state.withLock { state in _ = Self.remove(id, &state) }
    }

    private func dismissSurplus(_ state: inout State, beside new: Int) -> Client? {
        guard state.clients.count + new > maximum else { return nil }
        // Of those who hold the most: they can best do without one.
        let most = state.counts.max { $0.value < $1.value }?.key
        return Self.dismiss(&state) { $0.address == most } ?? Self.dismiss(&state) { _ in true }
    }

    private static func dismiss(_ state: inout State, _ isMeant: (Client) -> Bool) -> Client? {
        var first: (id: ObjectIdentifier, turn: UInt64)?
        for (id, client) in state.clients where isMeant(client) {
            guard let turn = client.turn, turn < first?.turn ?? .max else { continue }
            first = (id, turn)
        }
        return first.flatMap { remove($0.id, &state) }
    }

    private static func remove(_ id: ObjectIdentifier, _ state: inout State) -> Client? {
        guard let client = state.clients.removeValue(forKey: id) else { return nil }
        if let address = client.address {
            let left = state.counts[address, default: 1] - 1
            state.counts[address] = left == 0 ? nil : left
        }
        return client
    }
}
