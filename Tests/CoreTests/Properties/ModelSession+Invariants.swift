import Foundation
import Locking

@testable import Core

extension ModelSession {
    /// What is wrong now, after a step; empty if all promises hold.
    func violations() async -> [String] {
        let statuses = await daemon.pool.statuses()
        let described = await daemon.pool.described(with: [:])
        let records = rack.records
        var found = rack.violations
        found += claimViolations(records)
        found += powerViolations(records)
        found += memoryViolations(statuses, records)
        found += describeViolations(described, records)
        rack.state.withLock { state in
            state.lowestID =
                records.values.compactMap(\.claim?.id).min().map {
                    min($0, state.lowestID)
                } ?? state.lowestID
        }
        return found
    }

    // Promise 1.
    private func claimViolations(_ records: [RecordKey: DeviceRecord]) -> [String] {
        let ids = records.values.compactMap(\.claim?.id)
        return Set(ids).count == ids.count ? [] : ["an ID is carried twice: \(ids.sorted())"]
    }

    // Promise 2: nothing runs unaccounted for.
    private func powerViolations(_ records: [RecordKey: DeviceRecord]) -> [String] {
        rack.machines.compactMap { name, machine in
            guard machine.power == .on else { return nil }
            let claim = records[.device(name)]?.claim
            let phase = claim?.phase
            if machine.isForeign {
                return phase == nil || phase == .provisioning(.claimed)
                    || claim?.mayPowerOffOthers == true
                    ? nil : "\(name) is foreign and in phase \(String(describing: phase))"
            }
            return phase == nil ? "\(name) runs and nobody claims it" : nil
        }
    }

    private func memoryViolations(
        _ statuses: [DeviceStatus], _ records: [RecordKey: DeviceRecord]
    ) -> [String] {
        var found: [String] = []
        let names = Set(statuses.map(\.name))
        if names.count != statuses.count { found.append("a device is in two arrays") }
        let wanted = Set(listed.map(Self.name)).union(
            records.filter { $0.value.claim != nil }.keys.compactMap(\.deviceName))
        if !wanted.isSubset(of: names) {
            found.append("in no array: \(wanted.subtracting(names).sorted())")
        }
        for status in statuses {
            let record = records[.device(status.name)]
            if status.claim != record?.claim || status.cordon != record?.cordon {
                found.append("\(status.name) is in memory other than on disk")
            }
            if status.isReserved { found.append("\(status.name) is still reserved") }
        }
        return found
    }

    // Promise 3, and the order that InfraKit relies on.
    private func describeViolations(
        _ described: [InstanceDescription], _ records: [RecordKey: DeviceRecord]
    ) -> [String] {
        var found: [String] = []
        let active = records.values.compactMap(\.claim).filter { !$0.isNonFunctional }
            .sorted { $0.order < $1.order }
        if described.map(\.id) != active.map(\.id) {
            found.append("described: \(described.map(\.id)); on disk: \(active.map(\.id))")
        }
        if described.map(\.tags) != active.map(\.spec.tags) {
            found.append("tags in memory are other than on disk")
        }
        if Set(active.map(\.order)).count != active.count { found.append("two have one place") }
        let haveFailed = rack.state.withLock { $0.haveFailed }
        let steady = active.map(\.id).filter { !haveFailed.contains($0) }
        if steady != steady.sorted(by: >) {
            found.append("the array and the IDs tell different stories: \(steady)")
        }
        let carried = active.compactMap { claim in
            claim.spec.logicalID.map { "\($0) of \(claim.group ?? "")" }
        }
        if Set(carried).count != carried.count {
            found.append("a logical ID is described twice: \(carried.sorted())")
        }
        return found
    }

    /// What is still unfinished or dead although everything was mended.
    func leftovers() async -> [String] {
        rack.records.values.compactMap { record in
            guard let claim = record.claim, let name = record.key.deviceName else { return nil }
            let isOn = rack.machines[name]?.power == .on
            // Three attempts to power on may have been spent while it could not be.
            let isGivenUp = claim.isNonFunctional && !isOn
            return claim.phase == .active && (isGivenUp || isOn && !claim.isNonFunctional)
                ? nil
                : "\(claim.id) is mended and stays \(claim.phase), \(isOn ? "on" : "off"),"
                    + " \(claim.failure.map { "failed: \($0.reasons)" } ?? "described")"
        }
    }
}
