import Core
import Foundation
import Locking

// What becomes of servers' power.
extension World {
    /// A BMC has taken a command, and carries it out in a while.
    func begin(
        _ command: PowerCommand, on server: Int, for origin: Server.Runner, after delay: Duration,
        isRacing: Bool = false, isGuests: Bool = false
    ) {
        let number = state.withLock { state in
            state.nextCommand += 1
            state.underway.append(
                Underway(
                    number: state.nextCommand, server: server, command: command, origin: origin,
                    isRacing: isRacing, isGuests: isGuests))
            return state.nextCommand
        }
        time.schedule(after: delay) { self.act(number) }
    }

    private func act(_ number: Int) {
        guard let command = state.withLock({ $0.underway.first { $0.number == number } }) else {
            return
        }
        if !command.isGuests, let (bmc, _) = place(of: command.server) {
            let rest = state.withLock { $0.bmcs[bmc].silentUntil } - now
            if rest > .zero {
                setHungUp(number, true)
                // It may be mended before its time.
                return time.schedule(after: min(rest, .seconds(5))) { self.act(number) }
            }
            // A BMC that hung acts when it is back.
            if command.isHungUp {
                setHungUp(number, false)
                let delay = random(upTo: happens(50) ? 2 : 120)
                return time.schedule(after: delay) { self.act(number) }
            }
        }
        state.withLock { $0.underway.removeAll { $0.number == number } }
        guard !isGivenUp(command) else { return }
        note("server \(command.server): \(command.command) of \(command.origin) acts")
        let server = state.withLock { $0.servers[command.server] }
        switch command.command {
        case .on:
            if !server.isOn { switchOn(command.server, for: command.origin) }
            if command.isGuests { giveUpOns(like: command) }
        case .forceOff: switchOff(command.server)
        case .gracefulOff: if server.listens { switchOff(command.server) }
        case .cycle:
            guard server.isOn || happens(50) else { break }
            switchOff(command.server)
            begin(.on, on: command.server, for: command.origin, after: .seconds(5))
        case .reset: break
        }
        check()
    }

    private func setHungUp(_ number: Int, _ isHungUp: Bool) {
        state.withLock { state in
            for place in state.underway.indices where state.underway[place].number == number {
                state.underway[place].isHungUp = isHungUp
            }
        }
    }

    /// An On of ours that meets a guest's own is not told from it: the model lets it be the same.
    private func giveUpOns(like command: Underway) {
        state.withLock { state in
            state.underway.removeAll { $0.command == .on && $0.origin == command.origin }
        }
    }

    /// A guest that has itself cycled just after it was seen running, and is to go: nobody could
    /// tell that from one that has shut down, so the model leaves it off.
    private func isGivenUp(_ command: Underway) -> Bool {
        guard command.isRacing, case .instance(let id) = command.origin else { return false }
        let claim = records.values.compactMap(\.claim).first { $0.id == id }
        return claim.map { $0.state.goal == .free || $0.state.failure != nil } ?? true
    }

    private func switchOn(_ server: Int, for origin: Server.Runner) {
        let now = now
        state.withLock { state in
            state.servers[server].runner =
                if case .foreign = origin { .foreign(since: now) } else { origin }
        }
    }

    private func switchOff(_ server: Int) {
        state.withLock { $0.servers[server].runner = nil }
    }

    // MARK: What others do

    /// Somebody whom we don't know presses the button of a server that is off.
    func pressButton(of server: Int) {
        let isFree = claim(on: server) == nil
        let isOn = state.withLock { $0.servers[server].isOn }
        guard isFree, !isOn else { return }
        switchOn(server, for: .foreign(since: now))
    }

    /// A server goes off by itself, or the foreigner's that runs on it is ended.
    func losePower(of server: Int) {
        switchOff(server)
        mark(server)
    }

    /// What runs on a server has it go off and on again.
    func cycleByGuest(_ server: Int) {
        guard let runner = state.withLock({ $0.servers[server].runner }) else { return }
        switchOff(server)
        mark(server)
        let seen = state.withLock { $0.seenOn[server] ?? .zero }
        begin(
            .on, on: server, for: runner, after: .seconds(5),
            isRacing: now - seen < .seconds(35), isGuests: true)
    }

    /// A server is taken out of its place, which cuts its power; what was on its way to it is gone.
    func takeOut(of bmc: Int, _ system: String?) {
        state.withLock { state in
            guard let server = state.bmcs[bmc].places[system] ?? nil else { return }
            state.servers[server].runner = nil
            state.media.remove(server)
            state.underway.removeAll { $0.server == server }
            state.bmcs[bmc].places[system] = .some(nil)
        }
    }

    func putIn(_ server: Int, at bmc: Int, _ system: String?) {
        state.withLock { $0.bmcs[bmc].places[system] = server }
        mark(server)
    }

    /// The claim whose server this is, or that stands at its address.
    func claim(on server: Int) -> Claim? {
        let place = place(of: server)
        let (records, bound) = state.withLock { ($0.records, $0.bound) }
        for case let (claim?, address) in records.values.map({ ($0.claim, $0.machine?.address) }) {
            if bound[claim.id] == server { return claim }
            if let place, let there = address.flatMap({ Self.place(Device($0)) }), there == place {
                return claim
            }
        }
        return nil
    }

    /// The server that was claimed.
    func server(of claim: Claim, _ machine: Machine?) -> Int? {
        let (bound, servers) = state.withLock { ($0.bound[claim.id], $0.servers) }
        return bound
            ?? servers.first { server in
                machine?.identity.comparison(with: server.identity).isSame ?? false
            }?.number
    }

    /// Something was wrong with a server, or looked so.
    func mark(_ server: Int, isOdd: Bool = true) {
        let now = now
        state.withLock { state in
            state.troubles[server] = now
            if isOdd { state.oddities[server] = now }
        }
    }
}

extension Device {
    /// What stands at an address.
    init(_ address: MachineAddress) {
        self.init(name: "", provider: address.provider, bmc: address.bmc, system: address.system)
    }
}
