import Core
import Foundation
import InfraKit
import Processes
import Randomness

/// The operator, who does everything at once with everything that is said to be for emergencies.
struct OperatorClient: Sendable {
    private enum Deed: CaseIterable {
        case sync, cordon, uncordon, replace, release, forcedPower, plainOff, reload
    }

    let plugin: PluginClient
    let auditor: Auditor
    let ledger: Ledger
    let watch: PowerWatch
    let roster: Roster
    let inventoryPath: String
    let daemon: ChildProcess
    /// Whether machines are switched more often than usual.
    let switchesOften: Bool
    /// Whether the inventory may change: not before each record knows its machine.
    let reloads: Bool
    var numbers: SeededNumbers

    /// Works until a call is not answered; returns what came of it.
    mutating func run() async -> LoadClient.Counts {
        var counts = LoadClient.Counts()
        while !Task.isCancelled {
            do {
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
            switchesOften
            ? Deed.allCases + Array(repeating: .forcedPower, count: 12)
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
        case .plainOff:
            watch.permitOff(of: device.machine)
            try await power("off", device, isForced: false)
        case .reload:
            if reloads { try await reload() }
        }
    }

    /// Switches a machine whose instance runs and is to stay, so that it is not switched when it is
    /// free.
    private mutating func force(_ devices: [Auditor.Shown]) async throws {
        let running = devices.filter { $0.state == "running" && $0.isListed }
        guard let device = running.randomElement(using: &numbers), let id = device.instance,
            ledger.borrow(id)
        else { return }
        defer { ledger.giveBack(id) }
        let action = ["off", "cycle", "reset", "on"].randomElement(using: &numbers) ?? "off"
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
        for _ in 0..<Int.random(in: 1...2, using: &numbers) {
            roster.make(Roster.Change.allCases.randomElement(using: &numbers) ?? .rename, &numbers)
        }
        try roster.yaml.write(toFile: inventoryPath, atomically: true, encoding: .utf8)
        // Now and then the daemon dies before it is told.
        if numbers.happens(10) { return }
        let before = Self.readings(in: daemon.output)
        daemon.sendToProgram(SIGHUP)
        try await daemon.wait(for: "SIGHUP") { Self.readings(in: $0) > before }
        if daemon.output.contains(Self.refusal) { return }
        roster.noteReading()
    }

    /// What a daemon says that doesn't take an inventory over; none that is written here is such.
    static let refusal = "the inventory is refused"

    private static func readings(in output: String) -> Int {
        output.split(separator: "\n").count { $0.contains("SIGHUP: ") }
    }
}
