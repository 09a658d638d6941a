import Core
import Locking
import Randomness
import Simulator

/// What goes wrong in the rack while the daemon is under load: servers that fail and recover, BMCs
/// that delay, drop, lie, fall silent and restart.
final class Trouble: Sendable {
    private struct State {
        var numbers: SeededNumbers
        var isOver = true
    }

    private let rack: SimulatedRack
    private let state: Mutex<State>

    /// The kinds of requests that came.
    let seen = SeenRequests()

    init(_ rack: SimulatedRack, seed: UInt64) {
        self.rack = rack
        state = Mutex(State(numbers: SeededNumbers(seed: seed)))
    }

    /// Has a request looked for, and all go well but for that.
    func look(for aimed: AimedRequest?) {
        rack.onRequest { [self] request, stage in
            seen.note(RequestKind(request))
            switch stage {
            case .arrived: return aimed?.verdict(onArrivalOf: request) ?? arrival()
            case .executed: return aimed?.verdict(onExecutionOf: request) ?? answer()
            }
        }
        for bmc in rack.bmcs {
            bmc.onIPMIRequest { [self] request in
                seen.note(RequestKind(request))
                return aimed?.verdict(on: request) ?? command()
            }
        }
    }

    /// Has the rack behave badly.
    func begin(_ emphasis: KillMoment.Emphasis?) {
        state.withLock { $0.isOver = false }
        guard emphasis == .force else { return }
        for bmc in rack.bmcs { bmc.systems[0].setShutdownDelay(nil) }
    }

    /// Has all go well from now on, but for the request that is looked for.
    func mend() async throws {
        state.withLock { $0.isOver = true }
        for bmc in rack.bmcs {
            try await mend(bmc)
            bmc.systems[0].setShutdownDelay(.milliseconds(10))
        }
    }

    /// Mends everything, and looks for nothing.
    func end() async throws {
        rack.onRequest(nil)
        for bmc in rack.bmcs { bmc.onIPMIRequest(nil) }
        try await mend()
    }

    private func mend(_ bmc: SimulatedBMC) async throws {
        bmc.resume()
        try await bmc.plugIn()
        bmc.systems[0].setHealth(.ok)
    }

    /// Something happens to one of the servers.
    func strike() async throws {
        let chosen: (Int, Int)? = state.withLock { state in
            guard !state.isOver else { return nil }
            return (
                Int.random(in: 0..<rack.bmcs.count, using: &state.numbers),
                Int.random(in: 0..<16, using: &state.numbers)
            )
        }
        guard let (index, kind) = chosen else { return }
        let bmc = rack.bmcs[index]
        switch kind {
        case 0...1: bmc.systems[0].setHealth(.critical, reason: "PSU 2: input lost")
        case 2: bmc.systems[0].setShutdownDelay(nil)
        case 3...4: bmc.systems[0].setShutdownDelay(.milliseconds(10))
        case 5: bmc.hang()
        case 6:
            // It restarts: its connections break, and it is back, without its sessions, when it is
            // mended.
            await bmc.unplug()
            bmc.endSessions()
        default: try await mend(bmc)
        }
    }

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

    /// A command over IPMI: it gets lost, or its answer does, or the BMC is busy.
    private func command() -> IPMIVerdict {
        state.withLock { state in
            guard !state.isOver else { return .proceed }
            return switch Int.random(in: 0..<100, using: &state.numbers) {
            case 0..<2: .lose
            case 2..<4: .loseAnswer
            case 4..<6: .refuse(0xC0)
            default: .proceed
            }
        }
    }
}
