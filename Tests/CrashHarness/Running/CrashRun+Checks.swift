import InfraKit
import Core
import Simulator

extension CrashRun {
    /// What must hold at any time: with the daemon just started and no client calling.
    func check(_ occasion: String) async throws {
        // What is described goes before what is claimed, and that before the hardware: what is on
        // in the end must have been claimed before.
        let descriptions = try await described()
        let holders = try await holders()
        let running = rack.bmcs.filter { $0.systems[0].power != .off }
            .map { SimulatedRack.deviceName($0.index) }
        let remarks =
            adopt(descriptions, holders) + missing(holders, descriptions)
            + running.filter { device in !holders.values.contains { $0.devices.contains(device) } }
            .map { "\($0) is on, and no record says why" }
        summary.violations += remarks.map { "\(occasion): \($0)" }
        ledger.settle(claimed: Set(holders.keys))
    }

    /// What an instance holds.
    private struct Holding {
        /// One, if all is well.
        var devices: [String] = []
        var isActive = true
    }

    /// What each claimed instance holds.
    private func holders() async throws -> [String: Holding] {
        let devices = try await plugin.call("Rackpool.Devices")["Devices"]?.array ?? []
        var holders: [String: Holding] = [:]
        for device in devices {
            guard let id = device["Instance"]?.string else { continue }
            holders[id, default: Holding()].devices.append(device["Name"]?.string ?? "?")
            if device["State"]?.string != "running" { holders[id]?.isActive = false }
        }
        return holders
    }

    private func described() async throws -> [String: [String: String]] {
        let answer = try await plugin.call(
            "Instance.DescribeInstances", ["Type": "", "Tags": [:], "Properties": true])
        var descriptions: [String: [String: String]] = [:]
        for description in answer["Descriptions"]?.array ?? [] {
            let id = description["ID"]?.string ?? "?"
            if descriptions[id] != nil { summary.violations.append("\(id) is described twice") }
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
        var known = Dictionary(
            ledger.present.map { ($0.value.token, $0.key) }, uniquingKeysWith: { first, _ in first }
        )
        for (id, tags) in descriptions {
            let token = tags["token"] ?? "none"
            if !ledger.wasAsked(token) { remarks.append("\(id) has a token that nobody asked for") }
            if let other = known[token], other != id {
                remarks.append("\(id) and \(other) came of one provision")
            }
            known[token] = id
            if ledger.gone.contains(id) { remarks.append("\(id) was destroyed, and is back") }
            // What is left of a refused provision goes away by itself.
            if !ledger.wasRefused(token) {
                ledger.told(id, for: token, isStarting: holders[id]?.isActive != true)
            }
        }
        for (id, holding) in holders where holding.devices.count > 1 {
            remarks.append("\(id) is on \(holding.devices.joined(separator: " and "))")
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
            if holders[id] == nil {
                if !instance.mayBeGone { remarks.append("\(id) was told of, and is lost") }
                continue
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

    /// What is not yet as it must be in a pool that nobody calls and where nothing is broken.
    func unrest() async throws -> [String] {
        let descriptions = try await described()
        let holders = try await holders()
        var remarks = adopt(descriptions, holders) + missing(holders, descriptions)
        ledger.settle(claimed: Set(holders.keys))
        let claimed = Set(holders.values.flatMap(\.devices))
        for bmc in rack.bmcs {
            let device = SimulatedRack.deviceName(bmc.index)
            let isOn = bmc.systems[0].power == .on
            if isOn != claimed.contains(device) {
                remarks.append("\(device) is \(isOn ? "on and not claimed" : "claimed and not on")")
            }
        }
        for (id, tags) in descriptions where ledger.wasRefused(tags["token"] ?? "") {
            remarks.append("\(id) is left of a provision that was refused")
        }
        for id in ledger.living where descriptions[id] == nil {
            remarks.append("\(id) works and is not described")
        }
        return remarks
    }
}
