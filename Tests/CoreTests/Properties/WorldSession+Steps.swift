import Foundation
import Locking

@testable import Core

extension WorldSession {
    func apply(_ step: WorldStep) async {
        switch step {
        case .provision(let wish):
            world.state.withLock { $0.provisions += 1 }
            await provision(wish)
            world.state.withLock { $0.provisions -= 1 }
        case .destroy(let number): await destroy(number)
        case .label(let number, let group): await label(number, group)
        case .cordon(let number): await cordon(number, Cordon(since: time.date))
        case .uncordon(let number): await cordon(number, nil)
        case .replace(let number):
            guard let id = await described(number) else { return }
            let name = await daemon?.pool.instance(id)?.name ?? ""
            try? await daemon?.manager.replace(name, because: nil, by: "me")
        case .release(let number): await release(number)
        case .forget(let number): await forget(number)
        case .sync: _ = await daemon?.synchroniser.round()
        case .unfreeze: await daemon?.synchroniser.unfreeze()
        case .power(let number, let action, let isForced): await power(number, action, isForced)
        case .rename, .swap, .listAgain, .unlist, .relist, .setPassword: await edit(step)
        case .crash(let count, let away):
            daemon?.link.cut(after: count)
            let link = daemon?.link
            if count > 0 { try? await time.sleep(for: world.random(upTo: 20)) }
            guard let link, daemon?.link === link else { return }
            await kill(away: .seconds(away))
        case .restart(let away): await stop(away: .seconds(away))
        case .setClock(let seconds):
            let jumps = world.state.withLock { $0.meanness.clockJumps }
            if jumps { time.shiftDate(by: Double(seconds)) }
        default: await happen(step)
        }
    }

    // MARK: Calls

    /// One of the described instances.
    private func described(_ number: Int) async -> String? {
        guard let ids = await daemon?.pool.described(with: [:]).map(\.id), !ids.isEmpty else {
            return nil
        }
        return ids[number % ids.count]
    }

    /// One of all instances.
    private func claimed(_ number: Int) -> String? {
        let ids = world.records.values.compactMap(\.claim?.id).sorted()
        return ids.isEmpty ? nil : ids[number % ids.count]
    }

    private func provision(_ wish: WorldStep.Wish) async {
        guard let daemon else { return }
        let before = world.state.withLock { $0.known }.min()
        let id: String
        do {
            id = try await daemon.manager.provision(wish.spec)
        } catch {
            return world.note("provision: \(error)")
        }
        world.note("provision: \(id)")
        if let before, id >= before { world.violate("\(id) is not lower than \(before)") }
        let claim = world.records.values.compactMap(\.claim).first { $0.id == id }
        let isKnown = world.state.withLock { state in
            state.destroyRequested.contains(id) || state.forgotten.contains(id)
        }
        if claim == nil, !isKnown, !world.state.withLock({ $0.known.contains(id) }) {
            world.violate("\(id) was answered, and there is no claim")
        }
    }

    private func destroy(_ number: Int) async {
        guard let id = await described(number) else { return }
        await destroy(id) { try await $0.destroy(id) }
    }

    private func release(_ number: Int) async {
        guard let id = claimed(number) else { return }
        await destroy(id) { _ = try await $0.release(id, by: "me") }
    }

    private func destroy(
        _ id: String, _ body: @escaping @Sendable (PoolManager) async throws -> Void
    ) async {
        guard let daemon else { return }
        world.state.withLock { _ = $0.destroyRequested.insert(id) }
        do {
            try await body(daemon.manager)
        } catch is DestroyError {
            // It is to be tried again all the same.
        } catch {
            return world.note("destroy \(id): \(error)")
        }
        guard !daemon.link.isCut else { return }
        world.note("destroy \(id): accepted")
        world.state.withLock { _ = $0.destroyAccepted.insert(id) }
        let claim = world.records.values.compactMap(\.claim).first { $0.id == id }
        if let claim, claim.state.goal != .free {
            world.violate("\(id) was said to be destroyed and is \(claim.state.name)")
        }
    }

    private func forget(_ number: Int) async {
        guard let id = claimed(number) else { return }
        let isFirst = world.state.withLock { $0.forgotten.insert(id).inserted }
        guard isFirst else { return }
        do {
            _ = try await daemon?.manager.forget(id, by: "me")
        } catch {
            let isThere = world.records.values.contains { $0.claim?.id == id }
            if isThere { world.state.withLock { _ = $0.forgotten.remove(id) } }
        }
    }

    private func label(_ number: Int, _ group: Int?) async {
        guard let id = await described(number) else { return }
        let labels = group.map { ["infrakit.group": "g\($0)"] } ?? ["colour": "red"]
        try? await daemon?.manager.label(id, labels)
    }

    private func cordon(_ number: Int, _ cordon: Cordon?) async {
        guard let name = name(number) else { return }
        try? await daemon?.pool.setCordon(cordon, of: name)
    }

    private func power(_ number: Int, _ action: PowerAction, _ isForced: Bool) async {
        guard let daemon, let name = name(number) else { return }
        // The device may get another name before the command is sent.
        let held = [name, world.records[.device(name)]?.claim?.id].compactMap { $0 }
        world.state.withLock { state in
            for key in held { state.held[key, default: 0] += 1 }
        }
        do {
            let body = {
                try await daemon.manager.power(
                    action, of: name, within: .seconds(180), isForced: isForced)
            }
            let isPlain = await daemon.pool.status(of: name)?.claim == nil || !isForced
            _ = try await DaemonLink.$plainCommand.withValue(isPlain ? name : nil) {
                try await body()
            }
        } catch {
            world.note("power \(action) of \(name): \(error)")
        }
        // Whoever chose a device meanwhile has passed this one over.
        let device = accepted.withLock { $0.first { $0.name == name } }
        device.flatMap { world.server(at: $0) }.map { world.noteOddity(of: $0) }
        world.state.withLock { state in
            for key in held {
                state.held[key, default: 1] -= 1
                if state.held[key] == 0 { state.held[key] = nil }
            }
        }
    }

    // MARK: The inventory

    /// The name of a device that is listed.
    private func name(_ number: Int) -> String? {
        let claimed = world.records.values.compactMap { record in
            record.claim == nil ? nil : record.key.deviceName
        }.sorted()
        if number >= 10, !claimed.isEmpty { return claimed[number % claimed.count] }
        let names = accepted.withLock { $0.map(\.name) }
        return names.isEmpty ? nil : names[number % names.count]
    }

    private func edit(_ step: WorldStep) async {
        let before = file.withLock { $0 }
        let devices = edited(before, step)
        file.withLock { $0 = devices }
        guard devices != before, let daemon, !daemon.link.isCut else { return }
        do {
            let plan = try await daemon.manager.setInventory(devices)
            world.note("reload: \(plan)")
            await daemon.synchroniser.noteReload()
            accepted.withLock { $0 = devices }
            world.state.withLock { $0.listed = devices }
        } catch {
            world.note("reload: \(error)")
            file.withLock { $0 = before }
        }
    }

    private func edited(_ devices: [Device], _ step: WorldStep) -> [Device] {
        var devices = devices
        func place(_ number: Int) -> Int {
            let name = name(number)
            return devices.firstIndex { $0.name == name } ?? number % max(1, devices.count)
        }
        switch step {
        case .rename(let number) where !devices.isEmpty:
            devices[place(number)] = devices[place(number)].changed(name: newName())
        case .swap(let one, let other) where !devices.isEmpty:
            let (one, other) = (devices[place(one)], devices[place(other)])
            devices = devices.map { device in
                switch device.name {
                case one.name: one.changed(standingWith: other)
                case other.name: other.changed(standingWith: one)
                default: device
                }
            }
        case .listAgain(let number) where !devices.isEmpty:
            let device = devices[place(number)]
            let isOther = device.bmc.contains("other-")
            guard World.place(device)?.bmc != World.anonymous else { break }
            let bmc =
                isOther
                ? device.bmc.replacing("other-", with: "")
                : device.bmc.replacing("model://", with: "model://other-")
            guard !devices.contains(where: { $0.bmc == bmc && $0.system == device.system }) else {
                break
            }
            devices.append(device.changed(name: newName(), bmc: bmc))
        case .unlist(let number) where devices.count > 2: devices.remove(at: place(number))
        case .relist: devices = relisted(in: devices) + devices
        case .setPassword(let number, let isRight) where !devices.isEmpty:
            let device = devices[place(number)]
            devices[place(number)] = device.changed(
                password: isRight ? world.password(of: device) : "wrong")
        default: break
        }
        return devices
    }

    /// Devices for the places that none leads to, under their first names if those are free.
    func relisted(in devices: [Device]) -> [Device] {
        let names = Set(devices.map(\.name))
        return World.missing(in: devices).map { server in
            let device = Self.device(server)
            return device.changed(
                name: names.contains(device.name) ? newName() : device.name,
                password: world.password(of: device))
        }
    }

    private func newName() -> String {
        nextName.withLock { next in
            next += 1
            return "n\(next)"
        }
    }
}
