import Core
import Foundation
import Locking

// The store, which checks what is written.
extension World {
    /// The orders of what is described.
    var describedOrders: [String: Int64] {
        Dictionary(
            records.values.compactMap(\.claim).filter(\.state.isDescribed).map {
                ($0.id, $0.order)
            }, uniquingKeysWith: { first, _ in first })
    }

    /// - Parameter before: what was described when the commit was asked for.
    func commit(
        _ commit: StoreCommit, before: [String: Int64]
    ) throws(StoreError) -> UInt64 {
        for put in commit.puts where (records[put.key]?.revision ?? 0) != put.revision {
            violate("a commit of \(put.key) replaces a revision that is not there")
            throw StoreError.conflict(put.key)
        }
        let old = Self.claims(commit.puts.compactMap { records[$0.key] })
        let new = Self.claims(commit.puts)
        var next = records
        for put in commit.puts {
            var record = put
            record.revision = state.withLock { $0.revision } + 1
            next[put.key] = put.isBlank ? nil : record
        }
        checkHolders(next)
        for (id, claim) in old where new[id] == nil { ended(claim) }
        for (id, claim) in new {
            if let before = old[id] { changed(before, claim) } else { created(claim, next) }
        }
        checkOrder(old, new, before)
        let now = now
        let revision = state.withLock { state in
            state.records = next
            state.revision += 1
            state.sequence = max(state.sequence, commit.sequence)
            for id in new.keys where old[id] == nil { state.claimedAt[id] = now }
            return state.revision
        }
        check()
        return revision
    }

    private static func claims(_ records: [DeviceRecord]) -> [String: Claim] {
        Dictionary(
            records.compactMap(\.claim).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }
        )
    }

    private func checkHolders(_ records: [RecordKey: DeviceRecord]) {
        let held = records.values.compactMap(\.heldLogicalID)
        if Set(held).count != held.count {
            violate("a logical ID is held twice: \(held.map(\.logicalID).sorted())")
        }
    }

    private func created(_ claim: Claim, _ records: [RecordKey: DeviceRecord]) {
        note("claim \(claim.id) is made")
        let isNew = state.withLock { $0.known.insert(claim.id).inserted }
        if !isNew { violate("\(claim.id) is given again") }
        checkLastCarrier(claim, records)
    }

    private func ended(_ claim: Claim) {
        note("claim \(claim.id) ends, it was \(claim.state.name)")
        let isForgotten = state.withLock { $0.forgotten.contains(claim.id) }
        guard !isForgotten else { return disown(claim.id) }
        switch claim.state {
        case .starting(.claimed):
            if state.withLock({ $0.bound[claim.id] }) != nil {
                violate("\(claim.id) ends as if untouched, and was sent a command")
            }
        case .stopping, .undoing, .discarding: break
        default: violate("\(claim.id) ends while it is \(claim.state.name)")
        }
        let isLoaded = state.withLock { state in
            state.bound[claim.id].map { state.media.remove($0) != nil } ?? false
        }
        if isLoaded { violate("\(claim.id) is released with its media in the drive") }
        if let reason = whyNotOff(claim.id) { violate("\(claim.id) is released: \(reason)") }
    }

    /// The operator takes it on himself.
    private func disown(_ id: String) {
        let now = now
        state.withLock { state in
            state.bound[id].map { _ = state.media.remove($0) }
            for index in state.servers.indices
            where state.servers[index].runner == .instance(id) {
                state.servers[index].runner = .foreign(since: now)
            }
            state.underway = state.underway.map { command in
                guard command.origin == .instance(id) else { return command }
                var command = command
                command.origin = .foreign(since: now)
                return command
            }
        }
    }

    private func changed(_ old: Claim, _ new: Claim) {
        if old.state != new.state { note("\(new.id): \(old.state.name) → \(new.state.name)") }
        if old.state.isDescribed, !new.state.isDescribed, new.logicalIDKey != nil,
            let reason = whyNotOff(new.id)
        {
            violate("\(new.id) carries a logical ID and becomes \(new.state.name): \(reason)")
        }
        if new.state == .stopping, old.state != .stopping,
            !state.withLock({ $0.destroyRequested.contains(new.id) })
        {
            violate("\(new.id) is stopped, and nobody has asked for it")
        }
        checkCause(old, new)
        noteCarrier(old, new)
    }

    // A server whose instance comes back carries the logical ID again, without an On of ours; one
    // whose instance goes into another group, too.
    private func noteCarrier(_ old: Claim, _ new: Claim) {
        let hasMoved = old.logicalIDKey != new.logicalIDKey && new.power.lastOn != nil
        guard hasMoved || (!old.state.isDescribed && new.state == .running),
            let key = new.logicalIDKey,
            let address = records.values.first(where: { $0.claim?.id == new.id })?.machine?.address,
            let server = server(at: Device(address))
        else { return }
        setCarrier(of: key, server)
    }

    /// A server's disks hold one logical ID's data.
    func setCarrier(of key: LogicalIDKey, _ server: Int) {
        state.withLock { state in
            state.lastStarts = state.lastStarts.filter { $0.value != server }
            state.lastStarts[key] = server
        }
    }

    /// What runs moves only if a look has said something else than that we are refused.
    private func checkCause(_ old: Claim, _ new: Claim) {
        guard old.state == .running, let failure = new.state.failure, failure.cause == .health,
            let server = state.withLock({ $0.bound[new.id] })
        else { return }
        let (last, since) = state.withLock { ($0.troubles[server], $0.badSince[new.id]) }
        let isOfPower = failure.reasons.contains { $0.hasPrefix("found off") }
        if !isOfPower, since.map({ now - $0 < .seconds(22) }) ?? true {
            violate("\(new.id) becomes \(new.state.name) after one bad look: \(failure.reasons)")
        }
        if last.map({ now - $0 > .seconds(900) }) ?? true {
            violate("\(new.id) becomes \(new.state.name) without cause: \(failure.reasons)")
        }
    }

    // What comes back stands at the front; what is new has the lowest ID.
    private func checkOrder(
        _ old: [String: Claim], _ new: [String: Claim], _ before: [String: Int64]
    ) {
        for (id, claim) in new where claim.state.isDescribed {
            guard let was = old[id], !was.state.isDescribed else { continue }
            let others = before.filter { $0.key != id }
            if let first = others.min(by: { $0.value < $1.value }), first.value <= claim.order {
                violate("\(id) comes back behind \(first.key)")
            }
        }
    }

    // A pet goes back to its disks if their server can be had.
    private func checkLastCarrier(_ claim: Claim, _ records: [RecordKey: DeviceRecord]) {
        guard let key = claim.logicalIDKey,
            let server = state.withLock({ $0.lastStarts[key] }),
            let address = records.values.first(where: { $0.claim?.id == claim.id })?.machine?
                .address, let there = self.server(at: Device(address)),
            there != server, isFit(server)
        else { return }
        // Another provision may have taken it already; and what an operator says of a host comes
        // before its disks.
        let isExcused = state.withLock { state in
            state.provisions > 1
                || state.listed.contains { $0.address == address && $0.hostname == key.logicalID }
        }
        guard !isExcused else { return }
        violate("\(claim.id) is on server \(there), its disks are in server \(server)")
    }

    /// Whether a server could have been claimed for a while: it is free, listed once, well and off,
    /// and nothing was odd about it.
    private func isFit(_ server: Int) -> Bool {
        guard let place = place(of: server), claim(on: server) == nil else { return false }
        let now = now
        return state.withLock { state in
            let names = state.listed.filter { device in
                Self.place(device).map { $0 == place } ?? false
            }
            guard names.count == 1, let name = names.first?.name,
                state.records[.device(name)]?.cordon == nil, state.held[name] == nil
            else { return false }
            let isQuiet = state.oddities[server].map { now - $0 > .seconds(900) } ?? true
            return isQuiet && !state.servers[server].isOn
                && state.servers[server].health.isClaimable && now - state.startedAt > .seconds(120)
        }
    }
}
