import Core
import Foundation
import Locking

/// A provider whose machines live in memory and do what a test says. A machine is known by its
/// address, as in the world; tests name it by the device that stood there first.
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
        var identity: SystemIdentity
        /// Commands that take effect only when a test says so.
        var isSlow = false
        var waiting: [PowerCommand] = []

        init(at address: MachineAddress) {
            identity = SystemIdentity(serialNumber: "SN-\(address.displayed)")
        }

        mutating func act(_ command: PowerCommand) {
            switch command {
            case .on: power = .on
            case .gracefulOff: if !ignoresShutdown { power = .off }
            case .forceOff: power = .off
            case .cycle, .reset: break
            }
        }
    }

    private struct Gate {
        var isOpen = false
        var arrived: [CheckedContinuation<Void, Never>] = []
        var held: [CheckedContinuation<Void, Never>] = []
        var count = 0
    }

    private struct State {
        var machines: [MachineAddress: Machine] = [:]
        /// Where a device stood when a test, or the pool, first named it.
        var addresses: [String: MachineAddress] = [:]

        subscript(name: String) -> Machine {
            get {
                let address = address(of: name)
                return machines[address] ?? Machine(at: address)
            }
            set { machines[address(of: name)] = newValue }
        }

        /// `d07` stands at `fake://7` unless somebody says otherwise.
        private func address(of name: String) -> MachineAddress {
            addresses[name]
                ?? MachineAddress(
                    provider: "fake",
                    bmc: "fake://" + (Int(name.dropFirst()).map(String.init) ?? name))
        }

        subscript(device: Device) -> Machine {
            get { machines[device.address] ?? Machine(at: device.address) }
            set { machines[device.address] = newValue }
        }
        var calls: [Call] = []
        var failures: [Call: ProviderError] = [:]
        var gates: [Call: Gate] = [:]
        var isShutDown = false
    }

    private let state = Mutex(State())

    // MARK: What a test arranges

    /// Says by which names tests call the machines; those who had a name keep it.
    func place(_ devices: [Device]) {
        state.withLock { state in
            for device in devices where state.addresses[device.name] == nil {
                state.addresses[device.name] = device.address
            }
        }
    }

    func setIdentity(_ identity: SystemIdentity, of device: String) {
        state.withLock { $0[device].identity = identity }
    }

    /// From now on commands are taken, and take effect with ``act(of:)``.
    func delayCommands(of device: String, _ isSlow: Bool = true) {
        state.withLock { $0[device].isSlow = isSlow }
    }

    /// The commands that were taken take effect, in their order.
    func act(of device: String) {
        state.withLock { state in
            var machine = state[device]
            for command in machine.waiting { machine.act(command) }
            machine.waiting = []
            state[device] = machine
        }
    }

    /// Has two machines stand where the other one stood.
    func exchange(_ device: String, with other: String) {
        state.withLock { state in
            (state[device], state[other]) = (state[other], state[device])
        }
    }

    func setPower(_ power: PowerState, of device: String) {
        state.withLock { $0[device].power = power }
    }

    func setHealth(_ health: Health, of device: String) {
        state.withLock { $0[device].health = health }
    }

    func setFacts(_ facts: Facts, of device: String) {
        state.withLock { $0[device].facts = facts }
    }

    func ignoreShutdown(on device: String) {
        state.withLock { $0[device].ignoresShutdown = true }
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
        state.withLock { $0[device].power }
    }

    func boot(of device: String) -> BootOverride? {
        state.withLock { $0[device].boot }
    }

    func media(of device: String) -> MediaImage? {
        state.withLock { $0[device].media }
    }

    func steps(on device: String) -> [Step] {
        state.withLock { state in state.calls.filter { $0.device == device }.map(\.step) }
    }

    /// Whether a command was taken that has not taken effect (``delayCommands(of:_:)``).
    func hasTaken(_ command: PowerCommand, on device: String) -> Bool {
        state.withLock { $0[device].waiting.contains(command) }
    }

    var poweredOn: Set<String> {
        state.withLock { state in
            Set(state.calls.map(\.device)).filter { state[$0].power == .on }
        }
    }

    // MARK: Provider

    func observe(_ device: Device) async throws(ProviderError) -> Observation {
        try await enter(.observe, device)
        let machine = state.withLock { $0[device] }
        return Observation(
            power: machine.power, health: machine.health,
            reasons: machine.health == .ok ? [] : ["PSU 2: input lost"], date: Date(),
            identity: machine.identity)
    }

    func examine(
        _ device: Device, lookingBack: Duration
    ) async throws(ProviderError) -> HealthReport {
        try await enter(.examine, device)
        let machine = state.withLock { $0[device] }
        let finding = HealthReport.Finding(machine.health, "PSU 2", cause: "input lost")
        return HealthReport(
            power: machine.power, findings: machine.health == .ok ? [] : [finding], date: Date())
    }

    func facts(of device: Device) async throws(ProviderError) -> Facts {
        try await enter(.facts, device)
        return state.withLock { $0[device] }.facts
    }

    func setPower(_ command: PowerCommand, of device: Device) async throws(ProviderError) {
        try await enter(.power(command), device)
        state.withLock { state in
            if state[device].isSlow {
                state[device].waiting.append(command)
            } else {
                state[device].act(command)
            }
        }
    }

    func setBoot(_ boot: BootOverride, of device: Device) async throws(ProviderError) {
        try await enter(.setBoot, device)
        state.withLock { $0[device].boot = boot }
    }

    func clearBoot(of device: Device) async throws(ProviderError) {
        try await enter(.clearBoot, device)
        state.withLock { $0[device].boot = nil }
    }

    func insertMedia(_ image: MediaImage, into device: Device) async throws(ProviderError) {
        try await enter(.insertMedia, device)
        state.withLock { $0[device].media = image }
    }

    func ejectMedia(_ image: MediaImage, from device: Device) async throws(ProviderError) {
        try await enter(.ejectMedia, device)
        state.withLock { $0[device].media = nil }
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
    /// An answer after which nobody knows whether the command was carried out.
    static let doubt = ProviderError(.refused, "500 Internal Server Error", mayHaveActed: true)
    static let noEntry = ProviderError(.unauthorised, "401: user name or password")
}
