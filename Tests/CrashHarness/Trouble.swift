import Core
import Locking
import Randomness
import Simulator

/// What goes wrong in the rack while the daemon is under load: servers that fail and recover, BMCs
/// that delay, drop, lie, fall silent and restart.
final class Trouble: Sendable {
    private struct State {
        var numbers: SeededNumbers
        var requests = 0
        var isOver = false
    }

    private let rack: SimulatedRack
    private let state: Mutex<State>

    init(_ rack: SimulatedRack, seed: UInt64) {
        self.rack = rack
        state = Mutex(State(numbers: SeededNumbers(seed: seed)))
    }

    /// Has the rack behave badly, and the requests counted from 1.
    /// - Parameter held: the request that is held until it is released.
    func begin(holding held: HeldMoment?) {
        state.withLock { state in
            state.requests = 0
            state.isOver = false
        }
        rack.onRequest { [self] _, stage in
            switch stage {
            case .arrived:
                let (number, verdict) = arrival()
                if await held?.holds(number, .beforeExecution) == true { return .drop }
                return verdict
            case .executed:
                let (number, verdict) = answer()
                if await held?.holds(number, .beforeAnswer) == true { return .drop }
                return verdict
            }
        }
        for bmc in rack.bmcs {
            bmc.onIPMIRequest { [self] _ in
                let (number, verdict) = command()
                // What is held is a connection; a datagram that is held is one that is lost.
                if held?.meets(number, .beforeExecution) == true { return .lose }
                if held?.meets(number, .beforeAnswer) == true { return .loseAnswer }
                return verdict
            }
        }
    }

    /// Mends everything.
    func end() async throws {
        state.withLock { $0.isOver = true }
        rack.onRequest(nil)
        for bmc in rack.bmcs {
            bmc.onIPMIRequest(nil)
            try await mend(bmc)
            bmc.systems[0].setShutdownDelay(.milliseconds(10))
        }
    }

    private func mend(_ bmc: SimulatedBMC) async throws {
        bmc.resume()
        try await bmc.plugIn()
        bmc.systems[0].setHealth(.ok)
    }

    /// Something happens to one of the servers.
    func strike() async throws {
        let (index, kind) = state.withLock { state in
            (
                Int.random(in: 0..<rack.bmcs.count, using: &state.numbers),
                Int.random(in: 0..<16, using: &state.numbers)
            )
        }
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

    private func arrival() -> (Int, RequestVerdict) {
        state.withLock { state in
            state.requests += 1
            let number = state.requests
            guard !state.isOver else { return (number, .proceed) }
            let chance = Int.random(in: 0..<100, using: &state.numbers)
            let verdict: RequestVerdict =
                switch chance {
                case 0..<2: .drop
                case 2..<3: .garbage(Array("HTTP/1.1 2".utf8))
                case 3..<4 where Int.random(in: 0..<4, using: &state.numbers) == 0: .silence
                case 3..<15: .delay(.milliseconds(Int64.random(in: 1...80, using: &state.numbers)))
                default: .proceed
                }
            return (number, verdict)
        }
    }

    /// Carried out, but the answer is lost, or late.
    private func answer() -> (Int, RequestVerdict) {
        state.withLock { state in
            let number = state.requests
            guard !state.isOver else { return (number, .proceed) }
            let chance = Int.random(in: 0..<100, using: &state.numbers)
            let verdict: RequestVerdict =
                switch chance {
                case 0..<3: .drop
                case 3..<8: .delay(.milliseconds(Int64.random(in: 1...80, using: &state.numbers)))
                default: .proceed
                }
            return (number, verdict)
        }
    }

    /// A command over IPMI: it gets lost, or its answer does, or the BMC is busy.
    private func command() -> (Int, IPMIVerdict) {
        state.withLock { state in
            state.requests += 1
            let number = state.requests
            guard !state.isOver else { return (number, .proceed) }
            let verdict: IPMIVerdict =
                switch Int.random(in: 0..<100, using: &state.numbers) {
                case 0..<2: .lose
                case 2..<4: .loseAnswer
                case 4..<6: .refuse(0xC0)
                default: .proceed
                }
            return (number, verdict)
        }
    }
}
