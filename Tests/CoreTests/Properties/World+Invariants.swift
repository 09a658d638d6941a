import Core
import Foundation
import Locking

// What must be so at any moment.
extension World {
    /// A power command has reached a server: may it?
    func receive(
        _ command: PowerCommand, _ server: Int, _ device: Device, _ origin: Server.Runner
    ) {
        let runner = state.withLock { $0.servers[server].runner }
        guard case .instance(let id) = origin else {
            let owner = state.withLock { state in
                state.bound.first { id, bound in
                    bound == server && state.records.values.contains { $0.claim?.id == id }
                }?.key
            }
            if let owner {
                violate("an operator's plain \(command) of \(device.name) hits \(owner)")
            }
            return
        }
        let record = records.values.first { $0.claim?.id == id }
        let bound = state.withLock { state in
            let bound = state.bound[id] ?? server
            state.bound[id] = bound
            return bound
        }
        if bound != server {
            violate("\(command) of \(id) goes to server \(server), its own is \(bound)")
        }
        let identity = state.withLock { $0.servers[server].identity }
        if let record, let machine = record.machine,
            machine.identity.comparison(with: identity).isSame == false
        {
            violate("\(command) of \(id) goes to another machine than its record's")
        }
        if case .foreign(let since) = runner, let claim = record?.claim,
            let claimed = state.withLock({ $0.claimedAt[id] }), since < claimed,
            claim.spec.properties["PowerOff"] != .bool(true)
        {
            violate("\(command) of \(id) goes to server \(server), which runs a foreigner's")
        }
        if command == .on, let key = record?.claim?.logicalIDKey {
            setCarrier(of: key, server)
        }
    }

    /// The promises about what runs.
    func check() {
        let (servers, records, bound) = state.withLock { ($0.servers, $0.records, $0.bound) }
        let claims = Dictionary(
            records.values.compactMap(\.claim).map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        var carried: [LogicalIDKey: String] = [:]
        for server in servers {
            guard case .instance(let id) = server.runner else { continue }
            guard let claim = claims[id] else {
                violate("server \(server.number) runs for \(id), and nobody claims it")
                continue
            }
            guard let key = claim.logicalIDKey else { continue }
            if let other = carried[key] {
                violate("\(key.logicalID) of \(key.group ?? "") runs as \(other) and as \(id)")
            }
            carried[key] = id
        }
        var described: [Int: String] = [:]
        for claim in claims.values where claim.state.isDescribed {
            guard let server = bound[claim.id] else { continue }
            if let other = described[server] {
                violate("server \(server) is behind \(other) and behind \(claim.id)")
            }
            described[server] = claim.id
        }
    }

    /// Whether an instance's server is off and nothing is on its way that starts it; else why not.
    func whyNotOff(_ id: String) -> String? {
        state.withLock { state in
            guard let server = state.bound[id] else { return nil }
            if state.servers[server].runner == .instance(id) { return "server \(server) is on" }
            let isComing = state.underway.contains {
                $0.origin == .instance(id) && $0.leadsToOn && !$0.isRacing
            }
            return isComing ? "server \(server) is about to go on" : nil
        }
    }
}
