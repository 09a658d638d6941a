import Core
import Foundation
import Locking
import Simulator
import StateFile

/// What the rack itself saw: the power commands that came to its machines, for which claim on disk, and
/// which machines run. It knows nothing of what the daemon thinks.
final class PowerWatch: Sendable {
    /// Whose machine it was when it was last told to go on.
    private struct Occupant {
        let instance: String
        let key: LogicalIDKey?
    }

    private struct State {
        var occupants: [Int: Occupant] = [:]
        /// Until when an operator's command may come to a machine that nobody claims.
        var permits: [Int: ContinuousClock.Instant] = [:]
        /// Machines that ran without a claim when it was last looked.
        var unclaimed: Set<Int> = []
        /// Those of them that were told of.
        var told: Set<Int> = []
        /// Logical IDs that were told to run twice.
        var doubles: Set<LogicalIDKey> = []
        var looks = 0
        var violations: [String] = []
        var events: [String] = []
    }

    /// A claim on disk, and by what it says that its machine is known.
    private struct Held {
        let claim: Claim
        let serialNumber: String?
    }

    private let rack: SimulatedRack
    private let replacements: Replacements
    private let statePath: String
    private let machines: [String: Int]
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// The records are read at one in so many looks: that costs more than looking at the machines.
    private static let looksPerReading = 5

    /// How many of the last commands and troubles are told with a violation.
    private static let told = 60

    /// - Parameter statePath: the state file of the daemon, which is read as any program may.
    init(_ rack: SimulatedRack, _ replacements: Replacements, statePath: String) {
        self.rack = rack
        self.replacements = replacements
        self.statePath = statePath
        machines = rack.machines
    }

    /// What was promised and not kept since this was last asked, and forgets it.
    func takeViolations() -> [String] {
        state.withLock { state in
            defer { state.violations = [] }
            guard !state.violations.isEmpty else { return [] }
            return state.violations + ["what came before:"] + state.events
        }
    }

    /// An operator's command to power a machine off is on its way, and may find nobody's claim.
    func permitOff(of machine: Int) {
        state.withLock { $0.permits[machine] = .now + .seconds(10) }
    }

    /// A machine is gone, and what ran on it.
    func noteRemoval(of machine: Int) {
        state.withLock { $0.occupants[machine] = nil }
    }

    // MARK: Commands

    /// A command came to a BMC, which may carry it out or not.
    func note(_ kind: RequestKind, to machine: Int) {
        guard let effect = kind.power else { return }
        // On disk before the packet: promise 2.
        guard let claims = claims() else { return }
        let held = claims[machine]
        let claim = held?.claim
        let isStranger = replacements.isStranger(machine, to: held?.serialNumber)
        state.withLock { state in
            tell("\(kind), for \(claim?.id ?? "nobody")", of: machine, &state)
            if let claim {
                if isStranger {
                    state.violations.append(
                        "\(elapsed) \(kind) came to what stands in place of machine \(machine), which"
                            + " \(claim.id) claims")
                }
                if effect == .on {
                    state.occupants[machine] = Occupant(
                        instance: claim.id, key: claim.logicalIDKey)
                }
            } else if effect == .on || state.permits[machine].map({ $0 < .now }) ?? true {
                state.violations.append(
                    "\(elapsed) \(kind) came to machine \(machine), which no record claims")
            }
        }
    }

    /// A BMC begins to misbehave, or will with its next command.
    func noteTrouble(_ text: String, of machine: Int) {
        state.withLock { tell(text, of: machine, &$0) }
    }

    private func tell(_ text: String, of machine: Int, _ state: inout State) {
        state.events =
            state.events.suffix(Self.told - 1) + ["\(elapsed) machine \(machine): \(text)"]
    }

    private var elapsed: String { "at \((ContinuousClock.now - start).milliseconds) ms:" }

    // MARK: Looks

    /// Looks once; called every now and then while anything may happen.
    func look() {
        let before = running
        noteTwins(before)
        let isDue = state.withLock { state in
            state.looks += 1
            return state.looks % Self.looksPerReading == 0
        }
        guard isDue, let claims = claims() else { return }
        // What runs before and after the records were read is claimed in them, also if it was released
        // and claimed anew meanwhile: twice in a row it can't be.
        let unclaimed = before.intersection(running).filter { claims[$0] == nil }
        state.withLock { state in
            for machine in unclaimed.intersection(state.unclaimed).subtracting(state.told).sorted()
            {
                state.violations.append(
                    "\(elapsed) machine \(machine) is on, and no record says why")
            }
            state.told = unclaimed.intersection(state.unclaimed)
            state.unclaimed = unclaimed
        }
    }

    private var running: Set<Int> {
        Set(rack.bmcs.filter { $0.systems[0].power == .on }.map(\.index))
            .subtracting(replacements.gone)
    }

    private func noteTwins(_ running: Set<Int>) {
        state.withLock { state in
            var hosts: [LogicalIDKey: Int] = [:]
            defer { state.doubles = state.doubles.filter { hosts[$0] != nil } }
            for machine in running.sorted() {
                guard let occupant = state.occupants[machine], let key = occupant.key else {
                    continue
                }
                if let other = hosts[key], state.doubles.insert(key).inserted {
                    state.violations.append(
                        "\(elapsed) \(key.logicalID) of \(key.group ?? "no group") runs on machines"
                            + " \(other) (\(state.occupants[other]?.instance ?? "")) and"
                            + " \(machine) (\(occupant.instance))")
                }
                hosts[key] = machine
            }
        }
    }

    /// The claims on disk by machine; nil if they can't be read right now.
    private func claims() -> [Int: Held]? {
        // A fold that is under way makes whole files look damaged; a start checks them all.
        guard let inspection = try? StateInspection(path: statePath) else { return nil }
        var claims: [Int: Held] = [:]
        for record in inspection.records {
            guard let claim = record.claim else { continue }
            let machine =
                record.machine.flatMap { machines[$0.address.bmc] }
                ?? record.key.deviceName.flatMap { name in
                    rack.bmcs.first { SimulatedRack.deviceName($0.index) == name }?.index
                }
            if let machine {
                claims[machine] = Held(
                    claim: claim, serialNumber: record.machine?.identity.serialNumber)
            }
        }
        return claims
    }
}

extension SimulatedRack {
    /// The numbers of the machines by their BMCs' addresses.
    var machines: [String: Int] {
        var machines: [String: Int] = [:]
        for bmc in bmcs {
            machines[bmc.url] = bmc.index
            machines[bmc.otherURL] = bmc.index
            if let url = bmc.ipmiURL { machines[url] = bmc.index }
        }
        return machines
    }
}

extension SimulatedBMC {
    /// The same place, spelt otherwise: an IPv4 address within an IPv6 one (RFC 4291, 2.5.5.2).
    var otherURL: String {
        url.replacingOccurrences(of: host, with: "[::ffff:\(host)]")
    }
}
