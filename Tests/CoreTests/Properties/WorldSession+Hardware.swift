import Core
import Foundation
import Locking

extension WorldSession {
    func happen(_ step: WorldStep) async {
        switch step {
        case .health(let number, let health):
            let server = server(number)
            world.state.withLock { $0.servers[server].health = health }
            if health == .critical { world.mark(server) }
        case .refuseOn(let number, let refuses):
            let server = server(number)
            world.state.withLock { $0.servers[server].refusesOn = refuses }
        case .listen(let number, let listens):
            let server = server(number)
            world.state.withLock { $0.servers[server].listens = listens }
        case .pressButton(let number):
            let server = server(number)
            world.pressButton(of: server)
        case .losePower(let number):
            let server = server(number)
            world.losePower(of: server)
        case .cycleByGuest(let number):
            let server = server(number)
            world.cycleByGuest(server)
        case .exchange(let number, let absence):
            await exchange(server(number), .seconds(absence))
        case .bringBack: await bringBack()
        case .restartBMC(let number): bmc(number).map(restartBMC)
        case .silence(let number, let seconds):
            guard let bmc = bmc(number) else { return }
            world.silence(bmc, for: .seconds(seconds))
        case .changePassword(let number):
            guard let bmc = bmc(number) else { return }
            world.state.withLock { $0.bmcs[bmc].password += 1 }
        case .cutNetwork(let count, let seconds):
            let end = world.now + .seconds(seconds)
            world.state.withLock { state in
                for bmc in 0..<count { state.bmcs[bmc].cutUntil = end }
            }
        default: break
        }
    }

    /// The server that a step means: one on which an instance lives, from ten on.
    private func server(_ number: Int) -> Int {
        guard number >= 10 else { return number }
        let claimed = (0..<World.spares.upperBound).filter { world.claim(on: $0) != nil }
        return claimed.isEmpty ? number % World.placed : claimed[number % claimed.count]
    }

    private func bmc(_ number: Int) -> Int? { world.place(of: server(number))?.bmc }

    // It is silent for a while, then shows Off for all until it has asked its hosts. What a
    // foreigner runs is spared, for nobody could tell.
    private func restartBMC(_ number: Int) {
        let silence = .seconds(25) + world.random(upTo: 60)
        let lying = world.now + silence + world.random(upTo: 60)
        world.silence(number, for: silence)
        world.state.withLock { state in
            let isForeign = state.bmcs[number].places.values.contains { server in
                guard let server, case .foreign = state.servers[server].runner else { return false }
                return true
            }
            if !isForeign { state.bmcs[number].lyingUntil = lying }
        }
    }

    private static func home(_ place: Int) -> (bmc: Int, system: String?) {
        place < 5 ? (place, nil) : (5, "\(place - 4)")
    }

    private func exchange(_ server: Int, _ absence: Duration) async {
        guard server != World.anonymous, let (bmc, system) = world.place(of: server) else { return }
        world.takeOut(of: bmc, system)
        try? await time.sleep(for: absence)
        guard let spare = spare() else { return }
        world.putIn(spare, at: bmc, system)
        world.note("server \(spare) stands at \(bmc) \(system ?? "")")
    }

    /// A server that stands nowhere.
    private func spare() -> Int? {
        let placed = world.state.withLock { state in
            Set(state.bmcs.flatMap { $0.places.values.compactMap { $0 } })
        }
        let isFree = world.state.withLock { state in state.servers.map { !$0.isOn } }
        let spares = isFree.indices.filter { !placed.contains($0) && isFree[$0] }
        return spares.isEmpty
            ? nil : spares[Int(world.random(upTo: 3600) / .seconds(1)) % spares.count]
    }

    /// The servers that were taken out go back where they stood.
    func bringBack() async {
        for place in 0..<World.placed where place != World.anonymous {
            let (bmc, system) = Self.home(place)
            let there = world.state.withLock { $0.bmcs[bmc].places[system] ?? nil }
            let isElsewhere = world.place(of: place) != nil
            guard there != nil, there != place, !isElsewhere else { continue }
            world.takeOut(of: bmc, system)
            try? await time.sleep(for: .seconds(100))
            guard world.place(of: place) == nil else { continue }
            world.putIn(place, at: bmc, system)
        }
    }
}

extension World {
    /// The servers' places that no device leads to.
    static func missing(in devices: [Device]) -> [Int] {
        (0..<placed).filter { server in
            let wanted = WorldSession.device(server)
            return !devices.contains { device in
                guard let there = place(device), let place = place(wanted) else { return false }
                return there == place
            }
        }
    }

    /// A BMC hangs for a while.
    func silence(_ bmc: Int, for duration: Duration) {
        let now = now
        state.withLock { state in
            if state.bmcs[bmc].silentUntil < now { state.bmcs[bmc].silentFrom = now }
            state.bmcs[bmc].silentUntil = max(state.bmcs[bmc].silentUntil, now + duration)
        }
    }

    /// Whether an exchange with a BMC that began then has outlasted its hanging.
    func wasBroken(_ device: Device, since start: Duration) -> Bool {
        guard let place = Self.place(device) else { return false }
        let bmc = state.withLock { $0.bmcs[place.bmc] }
        return bmc.silentFrom >= start && bmc.silentFrom > .zero
    }

    func password(of device: Device) -> String {
        guard let place = Self.place(device) else { return "" }
        return "\(state.withLock { $0.bmcs[place.bmc].password })"
    }
}

extension Device {
    func changed(name: String? = nil, bmc: String? = nil, password: String? = nil) -> Device {
        Device(
            name: name ?? self.name, provider: provider, bmc: bmc ?? self.bmc, system: system,
            hostname: name == nil || bmc == nil ? hostname : nil, labels: labels,
            credentials: password.map { Credentials(username: "", password: Secret($0)) }
                ?? credentials)
    }

    /// The same name at another device's address.
    func changed(standingWith other: Device) -> Device {
        Device(
            name: name, provider: other.provider, bmc: other.bmc, system: other.system,
            hostname: hostname, labels: labels, credentials: other.credentials)
    }
}
