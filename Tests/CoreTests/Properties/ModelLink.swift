import Core
import Foundation
import Synchronization

/// A daemon's hold on the rack and the disk. It can be cut at any write or command, as by a crash;
/// what the daemon does after that reaches nothing.
final class ModelLink: Provider, Store {
    private struct State {
        /// How many writes and commands are still let through; nil: all.
        var fuse: Int?
        var seen: [String: Observation] = [:]
    }

    let rack: ModelRack
    private let time: ModelTime
    private let state = Mutex(State())

    init(rack: ModelRack, time: ModelTime) {
        self.rack = rack
        self.time = time
    }

    var isCut: Bool { state.withLock { $0.fuse == 0 } }

    /// Lets this many writes and commands through, and then nothing.
    func cut(after count: Int) {
        state.withLock { $0.fuse = count }
        if count == 0 { rack.cutHangs(of: ObjectIdentifier(self)) }
    }

    private func spend() -> Bool {
        state.withLock { state in
            guard let fuse = state.fuse else { return true }
            guard fuse > 0 else { return false }
            state.fuse = fuse - 1
            return true
        }
    }

    func spendCommand() throws(ProviderError) {
        guard spend() else { throw ProviderError(.unreachable, "the daemon is dead") }
    }

    // MARK: Store

    func load() async throws(StoreError) -> StoredPool {
        StoredPool(records: Array(rack.records.values))
    }

    func write(_ record: DeviceRecord, replacing version: UInt64) async throws(StoreError) {
        guard spend() else { throw StoreError.closed }
        let lastSeen = record.key.deviceName.flatMap { name in state.withLock { $0.seen[name] } }
        let isCurrent = rack.state.withLock { state in
            guard (state.records[record.key]?.version ?? 0) == version else { return false }
            state.checkWrite(record, lastSeen: lastSeen)
            state.records[record.key] = record.isBlank ? nil : record
            return true
        }
        guard isCurrent else { throw StoreError.conflict(record.key) }
    }

    func nextSequence() async throws(StoreError) -> UInt64 {
        guard !isCut else { throw StoreError.closed }
        return rack.state.withLock { state in
            state.sequence += 1
            return state.sequence
        }
    }

    func close() async {}

    // MARK: Provider

    func observe(_ device: Device) async throws(ProviderError) -> Observation {
        let machine = try reach(device)
        let observation = Observation(
            power: machine.power, health: machine.condition.health,
            reasons: machine.condition.health == .ok ? [] : ["PSU 2: input lost"], date: time.date)
        state.withLock { $0.seen[device.name] = observation }
        return observation
    }

    func examine(
        _ device: Device, lookingBack: Duration
    ) async throws(ProviderError) -> HealthReport {
        HealthReport(power: try reach(device).power, date: time.date)
    }

    func facts(of device: Device) async throws(ProviderError) -> Facts {
        _ = try reach(device)
        return Facts(manufacturer: "Maker", model: "One", coreCount: 16, memoryGiB: 64)
    }

    func setPower(_ command: PowerCommand, of device: Device) async throws(ProviderError) {
        try spendCommand()
        rack.state.withLock { state in
            state.checkCommand("power \(command)", on: device.name) { claim in
                switch (command, claim.phase) {
                case (.on, .provisioning(.starting)), (.on, .active): true
                case (.gracefulOff, .releasing), (.forceOff, .releasing): true
                case (.gracefulOff, .provisioning(.clearing)),
                    (.forceOff, .provisioning(.clearing)):
                    true
                case (.forceOff, .active): claim.spec.logicalID != nil
                default: false
                }
            }
        }
        let ending = await rack.hang(on: device.name, link: ObjectIdentifier(self))
        if ending == .fails { throw ProviderError(.unreachable, "no answer") }
        if ending == .refuses { throw ProviderError(.refused, "power refused") }
        let machine = try machine(of: device)
        switch (machine.condition, command) {
        case (.refusesOn, .on), (.refusesOff, .forceOff), (.refusesOff, .gracefulOff),
            (.refusesShutdown, .gracefulOff):
            throw ProviderError(.refused, "power refused")
        case (.deaf, _): return
        default: break
        }
        rack.change(device.name) { machine in
            machine.power = command == .on ? .on : .off
            if command != .on { machine.isForeign = false }
        }
        if machine.condition == .losesAnswers || ending == .losesAnswer {
            throw ProviderError(.unreachable, "the answer was lost", mayHaveActed: true)
        }
    }

    func setBoot(_ boot: BootOverride, of device: Device) async throws(ProviderError) {
        try spendCommand()
        rack.state.withLock { state in
            state.checkCommand("boot", on: device.name) { $0.phase == .provisioning(.starting) }
        }
        _ = try machine(of: device)
    }

    func clearBoot(of device: Device) async throws(ProviderError) {
        try spendCommand()
        rack.state.withLock { state in
            state.checkCommand("boot cleared", on: device.name) { $0.phase == .releasing }
        }
        _ = try machine(of: device)
    }

    func forget(_ device: Device) async {}
    func shutdown() async {}

    private func reach(_ device: Device) throws(ProviderError) -> ModelRack.Machine {
        if isCut { throw ProviderError(.unreachable, "the daemon is dead") }
        return try machine(of: device)
    }

    // The last command that is let through does act.
    func machine(of device: Device) throws(ProviderError) -> ModelRack.Machine {
        let (machine, isCutOff) = rack.state.withLock { state in
            (state.machines[device.name] ?? ModelRack.Machine(), state.isCutOff)
        }
        if isCutOff || machine.condition == .unreachable {
            throw ProviderError(.unreachable, "no answer")
        }
        if machine.condition == .busy { throw ProviderError(.busy, "busy") }
        return machine
    }
}
