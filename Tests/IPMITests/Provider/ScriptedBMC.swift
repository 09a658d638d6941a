import Core
import Foundation
import Locking
import NIOCore

@testable import IPMI
@testable import IPMIWire

/// A BMC without a network. It keeps power and boot options, and leaves the rest to ``hardware``; a
/// script says what it refuses, does not answer, or does late.
final class ScriptedBMC: IPMIConnections, IPMIConnection {
    /// What happens to a command instead of what it asks for.
    enum Fault {
        case refuse(CompletionCode)
        /// Nothing comes back; the command is carried out all the same if `acts`.
        case silence(acts: Bool)
        case fail(IPMIFailure)
    }

    struct State {
        var isOn = false
        var chassis = GetChassisStatus.Response(isOn: false, restorePolicy: .staysOff)
        /// How many chassis statuses still show the power before the last command.
        var staleLooks = 0
        var flags = BootFlags(isValid: false)
        /// How many reads of the flags still show none.
        var staleFlagReads = 0
        /// What flags become when they are written.
        var takesFlags: @Sendable (BootFlags) -> BootFlags = { $0 }
        var guid: [UInt8]?
        /// By the command as ``log`` writes it; the first is used first. A command without data
        /// stands for all of its kind.
        var faults: [String: [Fault]] = [:]
        var log: [String] = []
        var forgotten: [String] = []
        var isShutDown = false
        var session: UInt32 = 1
    }

    let state: Mutex<State>
    /// Its sensors, log and inventories.
    let hardware: FakeBMC

    init(hardware: FakeBMC = FakeBMC(), _ change: (inout State) -> Void = { _ in }) {
        var state = State()
        change(&state)
        self.state = Mutex(state)
        self.hardware = hardware
    }

    /// The commands so far, without the looks at the chassis status: `chassis control 01`.
    var log: [String] {
        state.withLock { $0.log.filter { $0 != GetChassisStatus.name } }
    }

    func line(to device: Device) throws(IPMIFailure) -> any IPMIConnection {
        guard device.bmc.hasPrefix("ipmi://") else { throw .unusable("bmc: expected ipmi://") }
        return self
    }

    func forget(_ device: Device) async {
        state.withLock { $0.forgotten.append(device.name) }
    }

    func shutdown() async {
        state.withLock { $0.isShutDown = true }
    }

    var session: UInt32? { get async { state.withLock { $0.session } } }

    func perform<Command: IPMICommand>(
        _ command: Command
    ) async throws(IPMIFailure) -> Command.Response {
        let outcome: Result<[UInt8], IPMIFailure> = state.withLock { state in
            let data = wire(command).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            let text = ([Command.name] + data).joined(separator: " ")
            state.log.append(text)
            let fault = state.takeFault(for: text) ?? state.takeFault(for: Command.name)
            switch fault {
            case .refuse(let code): return .failure(.refused(command: Command.name, code))
            case .fail(let failure): return .failure(failure)
            case .silence(let acts):
                if acts { _ = state.answer(command) }
                return .failure(
                    .silent(
                        step: Command.name, attempts: 5, mayHaveActed: !Command.isRepeatable))
            case nil: return state.answer(command)
            }
        }
        let bytes: [UInt8]
        switch outcome {
        case .success(let answer): bytes = answer
        case .failure(.refused(_, .invalidCommand)): return try await hardware.perform(command)
        case .failure(let failure): throw failure
        }
        do throws(IPMIWireError) {
            var buffer = ByteBuffer(bytes: bytes)
            return try Command.Response.read(from: &buffer)
        } catch {
            throw .malformed(command: Command.name, error)
        }
    }
}

extension ScriptedBMC.State {
    mutating func takeFault(for text: String) -> ScriptedBMC.Fault? {
        guard let fault = faults[text]?.first else { return nil }
        faults[text]?.removeFirst()
        return fault
    }

    mutating func answer(_ command: some IPMICommand) -> Result<[UInt8], IPMIFailure> {
        switch command {
        case is GetChassisStatus:
            chassis.isOn = staleLooks > 0 ? !isOn : isOn
            staleLooks = max(0, staleLooks - 1)
            return .success(wire(chassis))
        case let command as ChassisControl:
            switch command.action {
            case .up: isOn = true
            case .down, .softOff: isOn = false
            case .cycle, .hardReset, .diagnosticInterrupt: break
            }
            return .success([])
        case let command as SetSystemBootOptions:
            if case .flags(let flags) = command.parameter { self.flags = takesFlags(flags) }
            return .success([])
        case let command as GetSystemBootOptions where command.number == 5:
            let shown = staleFlagReads > 0 ? BootFlags(isValid: false) : flags
            staleFlagReads = max(0, staleFlagReads - 1)
            return .success(wire(GetSystemBootOptions.Response(.flags(shown))))
        case is GetDeviceID:
            return .success(
                wire(
                    GetDeviceID.Response(
                        firmwareMajor: 1, firmwareMinor: 0x73, capabilities: .chassis,
                        manufacturer: 10876, product: 1)))
        case is GetSystemGUID where guid != nil:
            return .success(guid ?? [])
        default:
            return .failure(.refused(command: type(of: command).name, .invalidCommand))
        }
    }
}

/// A BMC, its provider and a clock whose sleeps are over at once.
struct ProviderRig {
    let bmc: ScriptedBMC
    let provider: IPMIProvider
    let time = SkippedTime()
    let device = Device(name: "r1u07", provider: "ipmi", bmc: "ipmi://10.0.1.7")

    init(
        hardware: FakeBMC = FakeBMC(), _ change: (inout ScriptedBMC.State) -> Void = { _ in }
    ) {
        bmc = ScriptedBMC(hardware: hardware, change)
        provider = IPMIProvider(connections: bmc, logger: .silent, time: time)
    }

    var power: PowerState {
        get async throws { try await provider.observe(device).power }
    }

    /// How the provider fails.
    func error(
        _ body: (IPMIProvider, Device) async throws(ProviderError) -> Void
    ) async -> ProviderError? {
        do throws(ProviderError) {
            try await body(provider, device)
            return nil
        } catch {
            return error
        }
    }
}
