import Core
import Foundation
import InfraKit
import Processes
import Randomness

/// The operator, who does everything at once with everything that is said to be for emergencies.
struct OperatorClient: Sendable {
    private enum Deed: CaseIterable {
        case sync, cordon, uncordon, replace, release, forcedPower, plainOff, reload, listTwice
        case lose
    }

    let plugin: PluginClient
    let auditor: Auditor
    let ledger: Ledger
    let watch: PowerWatch
    let roster: Roster
    let replacements: Replacements
    let inventoryPath: String
    let daemon: ChildProcess
    /// What is done with machines' power more often than anything else, and with which provider's.
    let wantedPower: (action: String, provider: String)?
    /// Whether the inventory may change: not before each record knows its machine.
    let reloads: Bool
    var numbers: SeededNumbers

    /// Works until a call is not answered; returns what came of it.
    mutating func run() async -> LoadClient.Counts {
        var counts = LoadClient.Counts()
        while !Task.isCancelled {
            do {
                // Not a wait for something: a person types now and then.
                try await Task.sleep(for: .milliseconds(Int.random(in: 10...120, using: &numbers)))
                try await act()
                counts.operated += 1
            } catch is PluginClient.Refusal {
                counts.refused += 1
            } catch {
                break
            }
        }
        return counts
    }

    private mutating func act() async throws {
        let all: [Deed] =
            wantedPower != nil
            ? Deed.allCases + Array(repeating: .forcedPower, count: 20)
            : Deed.allCases + [.reload, .reload, .uncordon]
        let devices = try await auditor.look()
        guard let device = devices.randomElement(using: &numbers) else { return }
        let name = JSON.string(device.name)
        switch all.randomElement(using: &numbers) ?? .sync {
        case .sync: _ = try await plugin.call("Rackpool.Sync")
        case .cordon: _ = try await plugin.call("Rackpool.Cordon", ["Device": name])
        case .uncordon:
            for device in devices {
                _ = try await plugin.call("Rackpool.Uncordon", ["Device": .string(device.name)])
            }
        case .replace:
            _ = try await plugin.call(
                "Rackpool.Replace", ["Device": name, "Reason": "noisy"])
        case .release:
            guard let id = ledger.living.randomElement(using: &numbers) else { return }
            ledger.leaves(id)
            _ = try await plugin.call("Rackpool.Release", ["Instance": .string(id)])
            ledger.isDestroyed(id)
        case .forcedPower: try await force(devices)
        case .plainOff: try await switchOff(device, devices)
        case .reload:
            if reloads { try await reload() }
        case .listTwice:
            if reloads { try await listTwice() }
        case .lose:
            if reloads { try await lose(device) }
        }
    }

    /// Powers off what nobody claims, under whatever name.
    private func switchOff(_ device: Auditor.Shown, _ devices: [Auditor.Shown]) async throws {
        watch.permitOff(of: device.machine)
        let before = Self.holders(of: device.machine, devices)
        try await power("off", device, isForced: false)
        for id in before.intersection(Self.holders(of: device.machine, try await auditor.devices()))
        {
            ledger.note("machine \(device.machine) was powered off as \(device.name) under \(id)")
        }
    }

    private static func holders(of machine: Int, _ devices: [Auditor.Shown]) -> Set<String> {
        Set(devices.filter { $0.machine == machine }.compactMap(\.instance))
    }

    /// A server is gone for good, and another will stand in its place. Now and then the operator says
    /// so at once.
    private mutating func lose(_ device: Auditor.Shown) async throws {
        guard replacements.gone.isEmpty, device.isListed, numbers.happens(80),
            device.instance == nil || device.serialNumber != nil
        else { return }
        await replacements.remove(device.machine)
        watch.noteRemoval(of: device.machine)
        guard numbers.happens(60),
            let present = try await auditor.devices().first(where: {
                $0.machine == device.machine && $0.instance != nil
            })
        else { return }
        try await auditor.forget(present)
    }

    /// Switches a machine whose instance runs and is to stay, so that it is not switched when it is
    /// free.
    private mutating func force(_ devices: [Auditor.Shown]) async throws {
        let gone = replacements.gone
        let running = devices.filter { device in
            device.state == "running" && device.isListed && !gone.contains(device.machine)
                && wantedPower.map { $0.provider == device.provider } ?? true
        }
        guard let device = running.randomElement(using: &numbers), let id = device.instance,
            ledger.borrow(id)
        else { return }
        defer { ledger.giveBack(id) }
        let action =
            wantedPower?.action
            ?? ["off", "cycle", "reset", "on"].randomElement(using: &numbers) ?? "off"
        try await power(action, device, isForced: true)
    }

    private func power(
        _ action: String, _ device: Auditor.Shown, isForced: Bool
    ) async throws {
        _ = try await plugin.call(
            "Rackpool.Power",
            [
                "Device": .string(device.name), "Action": .string(action),
                "GraceMilliseconds": 0,
                "TimeoutMilliseconds": .integer(BMCTimes.powerChange.milliseconds),
                "Force": .bool(isForced),
            ], timeout: .seconds(8))
    }

    /// Writes another inventory and has it read, and waits until it is: what is called by name then
    /// is what the answers name.
    private mutating func reload() async throws {
        roster.listOnce()
        for _ in 0..<Int.random(in: 1...2, using: &numbers) {
            roster.make(Roster.Change.allCases.randomElement(using: &numbers) ?? .rename, &numbers)
        }
        try roster.yaml.write(toFile: inventoryPath, atomically: true, encoding: .utf8)
        // Now and then the daemon dies before it is told.
        if numbers.happens(10) { return }
        if try await hangUp() { roster.noteReading() }
    }

    /// Lists a server twice, under two spellings of its address, which a reload refuses. Now and then
    /// that inventory is left for the next start, which takes it and claims the server under neither.
    private mutating func listTwice() async throws {
        guard roster.listTwice(&numbers) else { return }
        try roster.yaml.write(toFile: inventoryPath, atomically: true, encoding: .utf8)
        if try await hangUp() {
            ledger.note("an inventory was taken over that lists a server twice")
        }
        if numbers.happens(50) {
            roster.listOnce()
            try roster.yaml.write(toFile: inventoryPath, atomically: true, encoding: .utf8)
        }
    }

    /// Has the inventory read again, and waits until it is.
    /// - Returns: whether it was taken over.
    private func hangUp() async throws -> Bool {
        let before = Self.readings(in: daemon.output).count
        daemon.sendToProgram(SIGHUP)
        try await daemon.wait(for: "SIGHUP") { Self.readings(in: $0).count > before }
        let readings = Self.readings(in: daemon.output)
        return readings.count > before && !readings[before].contains(Self.refusal)
    }

    /// What a daemon says that doesn't take an inventory over.
    static let refusal = "the inventory is refused"
    /// What it says then of a server that is listed twice.
    static let twice = "under another name"

    private static func readings(in output: String) -> [Substring] {
        output.split(separator: "\n").filter { $0.contains("SIGHUP: ") }
    }
}
