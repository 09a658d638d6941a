import Foundation
import Locking

@testable import Core

extension WorldSession {
    /// Mends everything, gives it time, and looks whether all that was wanted has come about.
    func end() async {
        // What is being exchanged or started is done by then.
        for task in calls.withLock({ Array($0.values) }) { await task.value }
        if daemon == nil || daemon?.link.isCut ?? true { await kill(away: .zero) }
        if daemon == nil { await start() }
        world.note("ALL IS MENDED")
        await mend()
        for round in 0..<120 {
            try? await time.sleep(for: .seconds(30))
            await time.idle()
            await check()
            guard world.violations.isEmpty else { return }
            let isQuiet = world.state.withLock { state in
                state.underway.isEmpty
                    && state.records.values.allSatisfy { $0.claim?.state.isAtRest ?? true }
            }
            if round >= 16, isQuiet { break }
        }
        world.check()
        await checkEnd()
    }

    private func mend() async {
        world.state.withLock { state in
            state.isMended = true
            for index in state.bmcs.indices {
                state.bmcs[index].silentUntil = .zero
                state.bmcs[index].cutUntil = .zero
                state.bmcs[index].lyingUntil = .zero
            }
            for index in state.servers.indices {
                state.servers[index].health = .ok
                state.servers[index].refusesOn = false
            }
        }
        await forgetDoubles()
        await putClaimedBack()
        await reloadMended()
        await daemon?.synchroniser.unfreeze()
        for status in await daemon?.pool.statuses() ?? [] where status.cordon != nil {
            try? await daemon?.pool.setCordon(nil, of: status.name)
        }
    }

    /// Where two claims have come to be about one server, which was taken elsewhere, or about one
    /// place, where another server stands since, an operator says which is lost.
    private func forgetDoubles() async {
        var seen: [String: Claim] = [:]
        for record in world.records.values.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            guard let claim = record.claim else { continue }
            let server = world.server(of: claim, record.machine).map { "server \($0)" }
            let place = record.machine.flatMap { World.place(Device($0.address)) }
            let subjects = [server, place.map { "\($0)" }].compactMap { $0 }
            guard let other = subjects.lazy.compactMap({ seen[$0] }).first else {
                for subject in subjects { seen[subject] = claim }
                continue
            }
            let lost = claim.state.isDescribed ? other : claim
            if lost == other { for subject in subjects { seen[subject] = claim } }
            world.state.withLock { _ = $0.forgotten.insert(lost.id) }
            _ = try? await daemon?.manager.forget(lost.id, by: "me")
        }
    }

    /// Where an instance's own server was taken out, it comes back.
    private func putClaimedBack() async {
        for record in world.records.values {
            guard let claim = record.claim, let address = record.machine?.address,
                let server = world.server(of: claim, record.machine),
                let (bmc, system) = World.place(Device(address)),
                world.server(at: Device(address)) != server
            else { continue }
            if let (other, place) = world.place(of: server) { world.takeOut(of: other, place) }
            world.takeOut(of: bmc, system)
            try? await time.sleep(for: .seconds(150))
            world.putIn(server, at: bmc, system)
            world.note("server \(server) is back")
        }
        // An empty place gets what stands nowhere.
        let empty = world.state.withLock { state in
            state.bmcs.enumerated().flatMap { number, bmc in
                bmc.places.filter { $0.value == nil }.map { (number, $0.key) }
            }
        }
        for (bmc, system) in empty {
            let there = (0..<World.spares.upperBound).first { world.place(of: $0) == nil }
            if let there { world.putIn(there, at: bmc, system) }
        }
    }

    private func reloadMended() async {
        let devices = file.withLock { $0 }
        let listed = devices + unlistedClaimed(devices)
        let all =
            relisted(in: listed)
            + listed.map { $0.changed(password: world.password(of: $0)) }
        do {
            try await daemon?.manager.setInventory(all)
            file.withLock { $0 = all }
        } catch {
            world.violate("a complete inventory is refused: \(error)")
        }
    }

    /// What is claimed at an address, or under a name, that is not listed.
    private func unlistedClaimed(_ devices: [Device]) -> [Device] {
        world.records.values.compactMap { record -> Device? in
            guard record.claim != nil, let address = record.machine?.address,
                let name = record.key.deviceName,
                !devices.contains(where: { $0.address == address || $0.name == name })
            else { return nil }
            return Device(address).changed(name: name)
        }.sorted { $0.name < $1.name }
    }

    private func checkEnd() async {
        let (servers, accepted) = world.state.withLock { ($0.servers, $0.destroyAccepted) }
        for record in world.records.values {
            guard let claim = record.claim else { continue }
            if accepted.contains(claim.id) {
                world.violate("\(claim.id) was destroyed, and is \(claim.state.name) for ever")
            }
            let isOn = world.server(of: claim, record.machine).map { servers[$0].isOn } ?? false
            switch claim.state {
            case .running where isOn: break
            case .failed where !isOn: break
            default:
                world.violate(
                    "all is mended, and \(claim.id) is \(claim.state), \(isOn ? "on" : "off")")
            }
        }
        for status in await daemon?.pool.statuses() ?? [] {
            if status.isReserved || status.isHeld {
                world.violate("\(status.name) is reserved or held for ever")
            }
            if status.claim != world.records[.device(status.name)]?.claim {
                world.violate("\(status.name) is in memory other than in the store")
            }
        }
    }
}
