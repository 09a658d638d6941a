import Core
import Foundation
import Locking

extension WorldSession {
    func happen(_ step: WorldStep) async {
        switch step {
        case .health(let server, let health):
            world.state.withLock { $0.servers[server].health = health }
            if health == .critical { world.mark(server) }
        case .refuseOn(let server, let refuses):
            world.state.withLock { $0.servers[server].refusesOn = refuses }
        case .listen(let server, let listens):
            world.state.withLock { $0.servers[server].listens = listens }
        case .pressButton(let server): world.pressButton(of: server)
        case .losePower(let server): world.losePower(of: server)
        case .cycleByGuest(let server): world.cycleByGuest(server)
        case .exchange(let place, let absence): await exchange(place, .seconds(absence))
        case .bringBack: await bringBack()
        case .restartBMC(let number): restartBMC(number)
        case .silence(let bmc, let seconds):
            let end = world.now + .seconds(seconds)
            world.state.withLock { $0.bmcs[bmc].silentUntil = end }
        case .changePassword(let bmc):
            world.state.withLock { $0.bmcs[bmc].password += 1 }
        case .cutNetwork(let count, let seconds):
            let end = world.now + .seconds(seconds)
            world.state.withLock { state in
                for bmc in 0..<count { state.bmcs[bmc].cutUntil = end }
            }
        default: break
        }
    }

    // It is silent for a while, then shows Off for all until it has asked its hosts. What a
    // foreigner runs is spared, for nobody could tell.
    private func restartBMC(_ number: Int) {
        let silent = world.now + .seconds(10) + world.random(upTo: 50)
        let lying = silent + world.random(upTo: 60)
        world.state.withLock { state in
            let isForeign = state.bmcs[number].places.values.contains { server in
                guard let server, case .foreign = state.servers[server].runner else { return false }
                return true
            }
            state.bmcs[number].silentUntil = silent
            if !isForeign { state.bmcs[number].lyingUntil = lying }
        }
    }

    private static func home(_ place: Int) -> (bmc: Int, system: String?) {
        place < 5 ? (place, nil) : (5, "\(place - 4)")
    }

    private func exchange(_ place: Int, _ absence: Duration) async {
        guard place != World.anonymous else { return }
        let (bmc, system) = Self.home(place)
        let isThere = world.state.withLock { ($0.bmcs[bmc].places[system] ?? nil) != nil }
        guard isThere else { return }
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
        return (World.spares + Array(0..<World.placed)).first {
            !placed.contains($0) && isFree[$0]
        }
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
