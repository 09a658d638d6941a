import Core
import InfraKit
import Simulator

extension CrashRun {
    /// What must hold at any time: with the daemon just started and no client calling.
    func check(_ occasion: String) async throws {
        // What is described goes before what is claimed, and that before the hardware: what is on
        // in the end must have been claimed before.
        try await auditor.look()
        let descriptions = try await described()
        let holders = try await holders()
        let running = rack.bmcs.filter { $0.systems[0].power != .off }.map(\.index)
        let claimed = Set(holders.values.map(\.machine))
        let remarks =
            adopt(descriptions, holders) + missing(holders, descriptions)
            + running.filter { !claimed.contains($0) }
            .map { "machine \($0) is on, and no record says why" }
        summary.violations += remarks.map { "\(occasion): \($0)" }
        ledger.noteGone(claimed: Set(holders.keys))
    }

    /// What a claimed instance holds.
    private struct Holding {
        let machine: Int
        let state: String

        /// Whether the instance can only go.
        var isGoing: Bool { ["stopping", "undoing", "discarding"].contains(state) }
    }

    /// What each claimed instance holds.
    private func holders() async throws -> [String: Holding] {
        var holders: [String: Holding] = [:]
        for device in try await auditor.devices() {
            guard let id = device.instance else { continue }
            holders[id] = Holding(machine: device.machine, state: device.state ?? "?")
        }
        return holders
    }

    private func described() async throws -> [String: [String: String]] {
        var descriptions: [String: [String: String]] = [:]
        for description in try await auditor.descriptions() {
            let id = description["ID"]?.string ?? "?"
            descriptions[id] = (description["Tags"]?.object ?? [:]).reduce(into: [:]) {
                $0[$1.key] = $1.value.string ?? ""
            }
        }
        return descriptions
    }

    /// Takes into the record what no client was told of, because the daemon died before the answer.
    private func adopt(
        _ descriptions: [String: [String: String]], _ holders: [String: Holding]
    ) -> [String] {
        var remarks: [String] = []
        // One whose start fails is followed by another, on another machine.
        var known = Dictionary(
            ledger.present.filter { !$0.value.mayBeGone }.map { ($0.value.token, $0.key) },
            uniquingKeysWith: { first, _ in first })
        for (id, tags) in descriptions {
            let token = tags["token"] ?? "none"
            if !ledger.wasAsked(token) { remarks.append("\(id) has a token that nobody asked for") }
            if holders[id]?.isGoing == false {
                if let other = known[token], other != id {
                    remarks.append("\(id) and \(other) came of one provision")
                }
                known[token] = id
            }
            if ledger.gone.contains(id) { remarks.append("\(id) was destroyed, and is back") }
            // What is left of a refused provision goes away by itself.
            if ledger.refusal(of: token) == nil {
                ledger.told(id, for: token, isStarting: holders[id]?.state != "running")
            }
        }
        for id in holders.keys where ledger.gone.contains(id) {
            remarks.append("\(id) was destroyed, and its device is still claimed")
        }
        return remarks
    }

    /// What clients were told of and is not there.
    private func missing(
        _ holders: [String: Holding], _ descriptions: [String: [String: String]]
    ) -> [String] {
        var remarks: [String] = []
        for (id, instance) in ledger.present {
            guard let holding = holders[id] else {
                if !instance.mayBeGone { remarks.append("\(id) was told of, and is lost") }
                continue
            }
            if instance.isDestroyed, !holding.isGoing {
                remarks.append("\(id) is \(holding.state), and its destroy was confirmed")
            }
            if holding.isGoing, !instance.mayBeGone {
                remarks.append("\(id) is \(holding.state), and nobody asked for that")
            }
            guard let tags = descriptions[id] else { continue }
            for (label, value) in instance.labels {
                let allowed = [value] + (instance.doubtful[label] ?? [])
                if !allowed.contains(tags[label] ?? "none") {
                    remarks.append("\(id) has lost its label \(label)=\(value)")
                }
            }
        }
        return remarks
    }

    /// Of instances whose servers are gone, which are not yet said to be where another stands.
    func untoldLosses() async throws -> [String] {
        let described = try await described()
        return try await auditor.devices().filter(isLost).compactMap { device in
            let id = device.instance ?? ""
            let isTold = device.reason?.hasPrefix("another machine stands here") ?? false
            guard !isTold || described[id] != nil else { return nil }
            return
                "\(id) is \(device.state ?? "?") on machine \(device.machine), where another stands:"
                + " \(device.reason ?? "nothing is said")"
        }
    }

    /// What is not yet as it must be in a pool that nobody calls and where nothing is broken.
    func unrest() async throws -> [String] {
        let descriptions = try await described()
        let holders = try await holders()
        var remarks = adopt(descriptions, holders) + missing(holders, descriptions)
        ledger.noteGone(claimed: Set(holders.keys))
        let claimed = Set(holders.values.map(\.machine))
        for bmc in rack.bmcs {
            let isOn = bmc.systems[0].power == .on
            if isOn != claimed.contains(bmc.index) {
                remarks.append(
                    "machine \(bmc.index) is \(isOn ? "on and not claimed" : "claimed and not on")")
            }
        }
        for (id, holding) in holders where holding.state != "running" {
            remarks.append("\(id) on machine \(holding.machine) is \(holding.state)")
        }
        for (id, tags) in descriptions {
            guard let text = ledger.refusal(of: tags["token"] ?? "") else { continue }
            remarks.append("\(id) is left of a provision that was refused: \(text)")
        }
        for id in ledger.living where descriptions[id] == nil {
            remarks.append("\(id) works and is not described")
        }
        return remarks
    }
}
