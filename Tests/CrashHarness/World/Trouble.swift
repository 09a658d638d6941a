import Core
import Locking
import Randomness
import Simulator

/// What goes wrong in the rack while the daemon is under load: servers that fail and recover, BMCs
/// that delay, drop, lie, fall silent and restart, and carry out late or never what they were told.
final class Trouble: Sendable {
    private struct State {
        var numbers: SeededNumbers
        var isOver = true
        var mistreated = 0
    }

    private let rack: SimulatedRack
    private let watch: PowerWatch
    private let replacements: Replacements
    private let state: Mutex<State>

    /// How many power commands were carried out late or never.
    var mistreatedCount: Int { state.withLock { $0.mistreated } }

    /// The kinds of requests that came.
    let seen = SeenRequests()

    init(
        _ rack: SimulatedRack, _ watch: PowerWatch, _ replacements: Replacements, seed: UInt64
    ) {
        self.rack = rack
        self.watch = watch
        self.replacements = replacements
        state = Mutex(State(numbers: SeededNumbers(seed: seed)))
    }

    /// Has a request looked for, and all go well but for that.
    func look(for aimed: AimedRequest?) {
        rack.onRequest { [self] request, stage in
            let kind = RequestKind(request)
            switch stage {
            case .arrived:
                note(kind, to: request.bmc)
                if let verdict = aimed?.verdict(onArrivalOf: request) { return verdict }
                if kind.power != nil { mistreatCommand(to: rack.bmcs[request.bmc]) }
                return arrival()
            case .executed: return aimed?.verdict(onExecutionOf: request) ?? answer()
            }
        }
        for bmc in rack.bmcs {
            bmc.onIPMIRequest { [self] request in
                let kind = RequestKind(request)
                note(kind, to: bmc.index)
                return aimed?.verdict(on: request) ?? verdict(onCommand: kind, of: bmc.index)
            }
        }
    }

    private func note(_ kind: RequestKind, to machine: Int) {
        seen.note(kind)
        watch.note(kind, to: machine)
    }

    // MARK: Servers and BMCs

    /// Has the rack behave badly.
    func begin(_ emphasis: KillMoment.Emphasis?) {
        state.withLock { $0.isOver = false }
        guard emphasis == .force else { return }
        for bmc in rack.bmcs { bmc.systems[0].setShutdownDelay(nil) }
    }

    /// Has all go well from now on, but for the request that is looked for, and for what was taken and
    /// is to be carried out late.
    func mend() async throws {
        state.withLock { $0.isOver = true }
        let gone = replacements.gone
        for bmc in rack.bmcs where !gone.contains(bmc.index) {
            try await mend(bmc)
            bmc.systems[0].setPowerFault(nil)
            bmc.systems[0].setShutdownDelay(.milliseconds(10))
        }
    }

    /// Mends everything, and looks for nothing.
    func end() async throws {
        look(for: nil)
        try await mend()
    }

    private func mend(_ bmc: SimulatedBMC) async throws {
        bmc.resume()
        try await bmc.plugIn()
        bmc.systems[0].setHealth(.ok)
    }

    /// Something happens to one of the servers.
    func strike() async throws {
        let chosen: (machine: Int, kind: Int, part: Int)? = state.withLock { state in
            guard !state.isOver else { return nil }
            return (
                Int.random(in: 0..<rack.bmcs.count, using: &state.numbers),
                Int.random(in: 0..<18, using: &state.numbers),
                Int.random(in: 1...10, using: &state.numbers)
            )
        }
        guard let (index, kind, part) = chosen, !replacements.gone.contains(index) else { return }
        let bmc = rack.bmcs[index]
        switch kind {
        case 0...1: bmc.systems[0].setHealth(.critical, reason: "PSU 2: input lost")
        case 2: bmc.systems[0].setShutdownDelay(nil)
        case 3...4: bmc.systems[0].setShutdownDelay(.milliseconds(10))
        case 5:
            watch.noteTrouble("its BMC hangs", of: index)
            bmc.hang()
        case 6:
            // It restarts: its connections break, and it is back, without its sessions, when it is
            // mended.
            watch.noteTrouble("its BMC is unplugged", of: index)
            await bmc.unplug()
            bmc.endSessions()
        case 7:
            let time = BMCTimes.longestStall * part / 10
            watch.noteTrouble("its BMC stalls for \(time.milliseconds) ms", of: index)
            bmc.stall(for: time)
        case 8:
            // It is back soon, and has not asked its host yet.
            let (power, time): (PowerState, Duration) = (
                part.isMultiple(of: 2) ? .off : .on, BMCTimes.longestLie * part / 10
            )
            watch.noteTrouble(
                "its BMC restarts and shows \(power) for \(time.milliseconds) ms", of: index)
            bmc.restart(showing: power, for: time)
        default: try await mend(bmc)
        }
    }

    /// How many of 100 power commands are carried out late or never.
    private static let mistreatment = 40

    // MARK: Redfish

    private func arrival() -> RequestVerdict {
        state.withLock { state in
            guard !state.isOver else { return .proceed }
            let chance = Int.random(in: 0..<100, using: &state.numbers)
            return switch chance {
            case 0..<2: .drop
            case 2..<3: .garbage(Array("HTTP/1.1 2".utf8))
            case 3..<4 where Int.random(in: 0..<4, using: &state.numbers) == 0: .silence
            case 3..<15: .delay(.milliseconds(Int64.random(in: 1...80, using: &state.numbers)))
            default: .proceed
            }
        }
    }

    /// Carried out, but the answer is lost, or late.
    private func answer() -> RequestVerdict {
        state.withLock { state in
            guard !state.isOver else { return .proceed }
            return switch Int.random(in: 0..<100, using: &state.numbers) {
            case 0..<3: .drop
            case 3..<8: .delay(.milliseconds(Int64.random(in: 1...80, using: &state.numbers)))
            default: .proceed
            }
        }
    }

    /// Now and then the next power command is carried out late or never, whatever the answer.
    private func mistreatCommand(to bmc: SimulatedBMC) {
        let fault: PowerFault? = state.withLock { state in
            guard !state.isOver, state.numbers.happens(Self.mistreatment) else { return nil }
            state.mistreated += 1
            let status = [204, 204, 500, 500, 502, 503].randomElement(using: &state.numbers) ?? 500
            return PowerFault(
                Self.resets, status: status,
                delay: state.numbers.happens(80) ? Self.lateness(&state.numbers) : nil, count: 1)
        }
        guard let fault else { return }
        let time = fault.delay.map { "after \($0.milliseconds) ms" } ?? "never"
        watch.noteTrouble("answers \(fault.status), acts \(time)", of: bmc.index)
        bmc.systems[0].setPowerFault(fault)
    }

    private static let resets: Set = [
        "On", "ForceOff", "GracefulShutdown", "PowerCycle", "ForceRestart",
    ]

    /// Often a little, and now and then as late as it may be.
    private static func lateness(_ numbers: inout SeededNumbers) -> Duration {
        let latest = BMCTimes.latestAct.milliseconds
        let limit = numbers.happens(35) ? latest / 8 : latest
        return .milliseconds(Int64.random(in: 1...limit, using: &numbers))
    }

    // MARK: IPMI

    /// A command over IPMI: it gets lost, or its answer does, or the BMC is busy, or acts late.
    private func verdict(onCommand kind: RequestKind, of machine: Int) -> IPMIVerdict {
        state.withLock { state in
            guard !state.isOver else { return .proceed }
            if kind.power != nil, state.numbers.happens(Self.mistreatment) {
                state.mistreated += 1
                let verdict: IPMIVerdict =
                    switch Int.random(in: 0..<4, using: &state.numbers) {
                    case 0: .actLate(nil)
                    case 1: .actLateUnanswered(Self.lateness(&state.numbers))
                    default: .actLate(Self.lateness(&state.numbers))
                    }
                watch.noteTrouble("\(verdict)", of: machine)
                return verdict
            }
            return switch Int.random(in: 0..<100, using: &state.numbers) {
            case 0..<2: .lose
            case 2..<4: .loseAnswer
            case 4..<6: .refuse(0xC0)
            default: .proceed
            }
        }
    }
}
