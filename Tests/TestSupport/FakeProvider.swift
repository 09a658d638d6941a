import Core
import Foundation
import Locking

/// A provider whose devices live in memory and do what a test says.
final class FakeProvider: Provider {
    enum Step: Hashable, Sendable {
        case observe, examine, facts, insertMedia, ejectMedia, setBoot, clearBoot
        case power(PowerCommand)
    }

    struct Call: Hashable, Sendable {
        let device: String
        let step: Step
    }

    private struct Machine {
        var power = PowerState.off
        var health = Health.ok
        var facts = Facts(manufacturer: "Maker", model: "One", coreCount: 16, memoryGiB: 64)
        var boot: BootOverride?
        var media: MediaImage?
        var ignoresShutdown = false
    }

    private struct Gate {
        var isOpen = false
        var arrived: [CheckedContinuation<Void, Never>] = []
        var held: [CheckedContinuation<Void, Never>] = []
        var count = 0
    }

    private struct State {
        var machines: [String: Machine] = [:]
        var calls: [Call] = []
        var failures: [Call: ProviderError] = [:]
        var gates: [Call: Gate] = [:]
        var isShutDown = false
    }

    private let state = Mutex(State())

    // MARK: What a test arranges

    func setPower(_ power: PowerState, of device: String) {
        state.withLock { $0.machines[device, default: Machine()].power = power }
    }

    func setHealth(_ health: Health, of device: String) {
        state.withLock { $0.machines[device, default: Machine()].health = health }
    }

    func setFacts(_ facts: Facts, of device: String) {
        state.withLock { $0.machines[device, default: Machine()].facts = facts }
    }

    func ignoreShutdown(on device: String) {
        state.withLock { $0.machines[device, default: Machine()].ignoresShutdown = true }
    }

    /// From now on the step fails; nil lets it succeed again.
    func fail(_ step: Step, of device: String, with error: ProviderError?) {
        state.withLock { $0.failures[Call(device: device, step: step)] = error }
    }

    func failEverything(of device: String, with error: ProviderError?) {
        let steps: [Step] =
            [.observe, .facts, .insertMedia, .ejectMedia, .setBoot, .clearBoot]
            + PowerCommand.allCases.map(Step.power)
        for step in steps { fail(step, of: device, with: error) }
    }

    /// Holds the step, before it does anything, until ``open(_:of:)``.
    func hold(_ step: Step, of device: String) {
        state.withLock { $0.gates[Call(device: device, step: step)] = Gate() }
    }

    /// Returns when a call has come to a step that was held with ``hold(_:of:)`` before.
    func arrival(at step: Step, of device: String) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                let call = Call(device: device, step: step)
                if state.gates[call, default: Gate()].count > 0 { return true }
                state.gates[call, default: Gate()].arrived.append(continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func open(_ step: Step, of device: String) {
        let held = state.withLock { state in
            let call = Call(device: device, step: step)
            state.gates[call, default: Gate()].isOpen = true
            defer { state.gates[call]?.held = [] }
            return state.gates[call]?.held ?? []
        }
        for continuation in held { continuation.resume() }
    }

    // MARK: What a test sees

    func power(of device: String) -> PowerState {
        state.withLock { $0.machines[device]?.power ?? .off }
    }

    func boot(of device: String) -> BootOverride? {
        state.withLock { $0.machines[device]?.boot }
    }

    func media(of device: String) -> MediaImage? {
        state.withLock { $0.machines[device]?.media }
    }

    func steps(on device: String) -> [Step] {
        state.withLock { state in state.calls.filter { $0.device == device }.map(\.step) }
    }

    var poweredOn: Set<String> {
        state.withLock { Set($0.machines.filter { $0.value.power == .on }.keys) }
    }

    // MARK: Provider

    func observe(_ device: Device) async throws(ProviderError) -> Observation {
        try await enter(.observe, device)
        let machine = state.withLock { $0.machines[device.name] ?? Machine() }
        return Observation(
            power: machine.power, health: machine.health,
            reasons: machine.health == .ok ? [] : ["PSU 2: input lost"], date: Date())
    }

    func examine(
        _ device: Device, lookingBack: Duration
    ) async throws(ProviderError) -> HealthReport {
        try await enter(.examine, device)
        let machine = state.withLock { $0.machines[device.name] ?? Machine() }
        let finding = HealthReport.Finding(machine.health, "PSU 2", cause: "input lost")
        return HealthReport(
            power: machine.power, findings: machine.health == .ok ? [] : [finding], date: Date())
    }

    func facts(of device: Device) async throws(ProviderError) -> Facts {
        try await enter(.facts, device)
        return state.withLock { $0.machines[device.name] ?? Machine() }.facts
    }

    func setPower(_ command: PowerCommand, of device: Device) async throws(ProviderError) {
        try await enter(.power(command), device)
        state.withLock { state in
            var machine = state.machines[device.name] ?? Machine()
            switch command {
            case .on: machine.power = .on
            case .gracefulOff: if !machine.ignoresShutdown { machine.power = .off }
            case .forceOff: machine.power = .off
            case .cycle, .reset: break
            }
            state.machines[device.name] = machine
        }
    }

    func setBoot(_ boot: BootOverride, of device: Device) async throws(ProviderError) {
        try await enter(.setBoot, device)
        state.withLock { $0.machines[device.name, default: Machine()].boot = boot }
    }

    func clearBoot(of device: Device) async throws(ProviderError) {
        try await enter(.clearBoot, device)
        state.withLock { $0.machines[device.name, default: Machine()].boot = nil }
    }

    func insertMedia(_ image: MediaImage, into device: Device) async throws(ProviderError) {
        try await enter(.insertMedia, device)
        state.withLock { $0.machines[device.name, default: Machine()].media = image }
    }

    func ejectMedia(_ image: MediaImage, from device: Device) async throws(ProviderError) {
        try await enter(.ejectMedia, device)
        state.withLock { $0.machines[device.name, default: Machine()].media = nil }
    }

    func forget(_ device: Device) async {}

    func shutdown() async {
        state.withLock { $0.isShutDown = true }
    }

    private func enter(_ step: Step, _ device: Device) async throws(ProviderError) {
        let call = Call(device: device.name, step: step)
        state.withLock { $0.calls.append(call) }
        await passGate(call)
        if Task.isCancelled { throw ProviderError(.unreachable, "cancelled") }
        if let error = state.withLock({ $0.failures[call] }) { throw error }
    }

    private func passGate(_ call: Call) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (passes, arrived) = state.withLock { state in
                    guard var gate = state.gates[call], !gate.isOpen, !Task.isCancelled else {
                        return (true, [CheckedContinuation<Void, Never>]())
                    }
                    let arrived = gate.arrived
                    gate.arrived = []
                    gate.count += 1
                    gate.held.append(continuation)
                    state.gates[call] = gate
                    return (false, arrived)
                }
                for waiter in arrived { waiter.resume() }
                if passes { continuation.resume() }
            }
        } onCancel: {
            open(call.step, of: call.device)
        }
    }
}

extension ProviderError {
    static let refusal = ProviderError(.refused, "power on refused: 400 Base.1.8.GeneralError")
    static let silence = ProviderError(.unreachable, "no answer")
}
