import Core
import Locking
import Simulator

/// Servers that are gone for good, and the others that are put in their places.
final class Replacements: Sendable {
    private struct State {
        /// Where nothing stands, and since when.
        var gone: [Int: ContinuousClock.Instant] = [:]
        /// How many servers have stood in a place before the present one.
        var generations: [Int: Int] = [:]
    }

    private let rack: SimulatedRack
    private let state = Mutex(State())

    /// How long a place is empty at least: what was on its way to the old server has come to nothing
    /// by then.
    private static let emptiness: Duration = .seconds(1)

    init(_ rack: SimulatedRack) {
        self.rack = rack
    }

    /// How many servers have gone.
    var count: Int { state.withLock { $0.generations.values.reduce(0, +) } }

    /// Where nothing stands.
    var gone: Set<Int> { state.withLock { Set($0.gone.keys) } }

    /// A server is gone, with its BMC.
    func remove(_ machine: Int) async {
        state.withLock { state in
            state.gone[machine] = .now
            state.generations[machine, default: 0] += 1
        }
        await rack.bmcs[machine].unplug()
        exchange(machine)
    }

    /// Puts others where nothing stands; none is on.
    func fill() async throws {
        while let (machine, since) = state.withLock({ $0.gone.min { $0.value < $1.value } }) {
            let rest = since + Self.emptiness - .now
            // Not a wait for something: that the place is empty for a while is what is wanted.
            if rest > .zero { try await Task.sleep(for: rest) }
            exchange(machine)
            state.withLock { $0.gone[machine] = nil }
            try await rack.bmcs[machine].plugIn()
        }
    }

    /// Whether a claim is about a server that is gone, by what its record says of that.
    func isLost(_ machine: Int, knownBy serialNumber: String?) -> Bool {
        let (isGone, generation) = state.withLock { state in
            (state.gone[machine] != nil, state.generations[machine] ?? 0)
        }
        return isGone || isStranger(serialNumber, to: machine, generation)
    }

    /// Whether a server stands there that is not the one that a record is about.
    func isStranger(_ machine: Int, to serialNumber: String?) -> Bool {
        let (isGone, generation) = state.withLock { state in
            (state.gone[machine] != nil, state.generations[machine] ?? 0)
        }
        return !isGone && isStranger(serialNumber, to: machine, generation)
    }

    private func isStranger(_ serialNumber: String?, to machine: Int, _ generation: Int) -> Bool {
        guard generation > 0, let serialNumber else { return false }
        return serialNumber != Self.serialNumber(machine, generation)
    }

    private func exchange(_ machine: Int) {
        let generation = state.withLock { $0.generations[machine] ?? 0 }
        let number = generation * 100 + machine
        rack.bmcs[machine].exchange(
            serialNumber: Self.serialNumber(machine, generation),
            uuid: "5a0d0000-0000-4000-8000-" + String(100_000_000_000 + number))
    }

    private static func serialNumber(_ machine: Int, _ generation: Int) -> String {
        "NEW\(generation)M\(machine)"
    }
}
