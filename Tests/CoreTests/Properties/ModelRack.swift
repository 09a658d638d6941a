import Core
import Foundation
import Synchronization

/// What outlives a daemon: the machines, and what is on disk. It checks each command and each
/// write against the promises at the moment it comes.
final class ModelRack: Sendable {
    /// What is wrong with a device or its BMC.
    enum Condition: CaseIterable, Sendable {
        case well, recovered, warning, critical, unreachable, busy
        case refusesOn, refusesOff, refusesShutdown
        /// Takes commands and does nothing.
        case deaf
        /// Does what it is told, but its answers are lost.
        case losesAnswers

        var health: Health {
            switch self {
            case .warning: .warning
            case .critical: .critical
            default: .ok
            }
        }
    }

    /// How a command that hangs ends.
    enum Ending: CaseIterable, Sendable {
        case acts, fails, losesAnswer, refuses
    }

    struct Machine: Sendable {
        var power = PowerState.off
        var condition = Condition.well
        /// Whether it runs something that somebody else started.
        var isForeign = false
        /// The image in its drive.
        var media: String?
    }

    struct Hang {
        let number: Int
        let device: String
        let link: ObjectIdentifier
        let continuation: CheckedContinuation<Ending, Never>
    }

    struct State {
        var machines: [String: Machine] = [:]
        var isCutOff = false
        var records: [RecordKey: DeviceRecord] = [:]
        var sequence: UInt64 = 0
        var listed: Set<String> = []
        /// All IDs that ever were, and those of them that have been non-functional.
        var known: Set<String> = []
        var haveFailed: Set<String> = []
        /// The lowest ID before the present step.
        var lowestID = "~"
        var destroyRequests: Set<String> = []
        /// Whether looks and claims may overlap at present, so that a claim may come between a look
        /// and its note.
        var isConcurrent = false
        var hangs: [Hang] = []
        var nextHang = 0
        var onHang: (@Sendable () -> Void)?
        var violations: [String] = []
    }

    let state = Mutex(State())

    var violations: [String] { state.withLock { $0.violations } }
    var hanging: Set<String> { state.withLock { Set($0.hangs.map(\.device)) } }
    var records: [RecordKey: DeviceRecord] { state.withLock { $0.records } }
    var machines: [String: Machine] { state.withLock { $0.machines } }

    func violate(_ text: String) {
        state.withLock { $0.violations.append(text) }
    }

    // MARK: What happens to machines

    func change(_ name: String, _ body: @Sendable (inout Machine) -> Void) {
        state.withLock { body(&$0.machines[name, default: Machine()]) }
    }

    /// Somebody powers a device on that we have no hand in, as far as the disk says.
    func powerOnByOthers(_ name: String) {
        state.withLock { state in
            let phase = state.records[.device(name)]?.claim?.phase
            guard phase == nil || phase == .provisioning(.claimed) else { return }
            guard state.machines[name]?.power != .on else { return }
            state.machines[name, default: Machine()].power = .on
            state.machines[name]?.isForeign = true
        }
    }

    func powerOffByOthers(_ name: String) {
        state.withLock { state in
            guard state.machines[name]?.isForeign ?? false else { return }
            state.machines[name]?.power = .off
            state.machines[name]?.isForeign = false
        }
    }

    // MARK: Commands that hang

    /// Has the next power command hang; `reached` is called when it does.
    func hangNext(_ reached: (@Sendable () -> Void)?) {
        state.withLock { $0.onHang = reached }
    }

    /// Lets the command that has hung longest go on, and returns its device.
    func unhang(_ ending: Ending) -> String? {
        let hang = state.withLock { $0.hangs.isEmpty ? nil : $0.hangs.removeFirst() }
        hang?.continuation.resume(returning: ending)
        return hang?.device
    }

    func cutHangs(of link: ObjectIdentifier) {
        let cut = state.withLock { state in
            defer { state.hangs.removeAll { $0.link == link } }
            return state.hangs.filter { $0.link == link }
        }
        for hang in cut { hang.continuation.resume(returning: .fails) }
    }

    /// Hangs if the present command is to. A cancelled command was sent all the same.
    func hang(on device: String, link: ObjectIdentifier) async -> Ending {
        let (number, reached) = state.withLock { state in
            defer { state.onHang = nil }
            state.nextHang += 1
            return (state.nextHang, state.onHang)
        }
        guard let reached else { return .acts }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let hangs = state.withLock { state in
                    guard !Task.isCancelled else { return false }
                    state.hangs.append(
                        Hang(
                            number: number, device: device, link: link, continuation: continuation))
                    return true
                }
                if !hangs { continuation.resume(returning: .losesAnswer) }
                reached()
            }
        } onCancel: {
            let hang: Hang? = state.withLock { state in
                guard let place = state.hangs.firstIndex(where: { $0.number == number }) else {
                    return nil
                }
                return state.hangs.remove(at: place)
            }
            hang?.continuation.resume(returning: .losesAnswer)
        }
    }
}
