import Core
import Foundation
import Locking

// What BMCs answer.
extension World {
    /// Whether a request gets through, and to which server.
    private func reach(_ device: Device) throws(ProviderError) -> Int {
        guard let (number, system) = Self.place(device) else {
            throw ProviderError(.unreachable, "no such host")
        }
        let bmc = state.withLock { $0.bmcs[number] }
        guard bmc.isReached(at: now) else { throw ProviderError(.unreachable, "no answer") }
        // With its only server a BMC leaves, too.
        guard let server = bmc.places[system] ?? nil else {
            throw system == nil
                ? ProviderError(.unreachable, "no answer")
                : ProviderError(.malformed, "there is no system \(system ?? "")")
        }
        guard device.credentials.password == Secret("\(bmc.password)") else {
            throw ProviderError(.unauthorised, "401")
        }
        return server
    }

    /// How long a look takes.
    func lookTime() -> Duration {
        chance(\.slowLooks) ? random(upTo: 30) : random(upTo: 0.3)
    }

    func look(at device: Device) throws(ProviderError) -> Observation {
        if chance(\.failedLooks) {
            let isSilent = happens(50)
            for server in servers(at: device) {
                mark(server)
            }
            throw isSilent
                ? ProviderError(.unreachable, "timed out") : ProviderError(.busy, "503")
        }
        let number: Int
        do {
            number = try reach(device)
        } catch {
            for server in servers(at: device) {
                if error.isRefusedAccess {
                    noteOddity(of: server)
                } else {
                    mark(server)
                }
            }
            throw error
        }
        let (server, isLying) = state.withLock { state in
            let bmc = place(device).map { state.bmcs[$0.bmc] }
            return (state.servers[number], (bmc?.lyingUntil ?? .zero) > now)
        }
        let power: PowerState =
            chance(\.failedLooks) ? .unknown : server.isOn && !isLying ? .on : .off
        if power == .on {
            let now = now
            state.withLock { $0.seenOn[number] = now }
        } else {
            mark(number, isOdd: false)
        }
        if server.health == .critical || power == .unknown { mark(number) }
        note("look at \(device.name): server \(number) \(power) \(server.health)")
        return Observation(
            power: power, health: server.health,
            reasons: server.health == .ok ? [] : ["PSU 2: input lost"], date: time.date,
            identity: server.identity)
    }

    private func place(_ device: Device) -> (bmc: Int, system: String?)? { Self.place(device) }

    /// What comes of a command: how long the BMC takes to answer, and what it says then.
    func send(
        _ command: PowerCommand, to device: Device, for origin: Server.Runner
    ) -> (time: Duration, error: ProviderError?) {
        let server: Int
        do {
            server = try reach(device)
        } catch {
            return (random(upTo: error.kind == .unreachable ? 10 : 0.3), error)
        }
        note("\(command) of \(origin) to \(device.name), server \(server)")
        receive(command, server, device, origin)
        if chance(\.refusals) {
            mark(server)
            return (.zero, ProviderError(happens(50) ? .busy : .refused, "will not"))
        }
        if command == .on, state.withLock({ $0.servers[server].refusesOn }) {
            mark(server)
            return (.zero, ProviderError(.refused, "400: power on refused"))
        }
        if command.needsPower, state.withLock({ !$0.servers[server].isOn }), happens(50) {
            return (.zero, ProviderError(.refused, "409: is off"))
        }
        if command == .cycle, server == 1 {
            return (.zero, ProviderError(.refused, "no such command", isIncapable: true))
        }
        let answer = chance(\.lateCommands) && happens(30) ? random(upTo: 24) : random(upTo: 0.5)
        let error = chance(\.lostAnswers) ? lostAnswer() : nil
        if error != nil { mark(server) }
        if error == nil || happens(60) {
            let delay =
                chance(\.lateCommands) ? random(upTo: happens(30) ? 359 : 40) : random(upTo: 4)
            begin(command, on: server, for: origin, after: max(answer, delay))
        }
        return (answer, error)
    }

    /// What a look has brought to whoever looked.
    func deliver(
        _ result: Result<Observation, ProviderError>, of device: Device
    ) throws(ProviderError) -> Observation {
        switch result {
        case .success(let observation): noteBad(device, observation.health == .critical)
        case .failure(let error) where error.isRefusedAccess || error.kind == .busy: break
        case .failure:
            for server in servers(at: device) { mark(server) }
            noteBad(device, true)
        }
        return try result.get()
    }

    /// Notes what a look has said of the claim that it was made for.
    private func noteBad(_ device: Device, _ isBad: Bool) {
        let now = now
        state.withLock { state in
            for case (let key, let id?) in state.records.map({ ($0.key, $0.value.claim?.id) })
            where key == .device(device.name) {
                state.badSince[id] = isBad ? state.badSince[id] ?? now : nil
            }
        }
    }

    /// The server that stands at an address, and those that are claimed there.
    private func servers(at device: Device) -> Set<Int> {
        let (records, bound) = state.withLock { ($0.records, $0.bound) }
        let claimed = records.values.compactMap { record in
            record.machine?.address == device.address
                ? record.claim.flatMap { bound[$0.id] } : nil
        }
        return Set(claimed + [server(at: device)].compactMap { $0 })
    }

    func noteOddity(of server: Int) {
        let now = now
        state.withLock { $0.oddities[server] = now }
    }

    private func lostAnswer() -> ProviderError {
        let kinds: [ProviderError.Kind] = [.unreachable, .busy, .refused, .malformed]
        let kind = kinds[state.withLock { Int.random(in: kinds.indices, using: &$0.dice) }]
        return ProviderError(kind, "\(kind): 500 or no answer", mayHaveActed: true)
    }
}
