import Locking
import Simulator

/// The first power command that a BMC gets, over whichever protocol: it comes to nothing, or it is
/// carried out and nobody is told. What comes after it is dealt with as usual.
final class LostCommand: Sendable {
    /// What is lost.
    enum Loss: Sendable, CaseIterable {
        /// The command; it is not carried out.
        case command
        /// The answer; it is carried out.
        case answer
    }

    /// What its sender sees.
    enum Sight: Sendable {
        /// The connection is closed.
        case reset
        /// Nothing, for ever; the connection stays.
        case silence
        /// The BMC restarts: all connections break, sessions are forgotten, and it is back.
        case restart
    }

    private struct State {
        var hasCome = false
        var isToBeLost = false
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    private let loss: Loss
    private let sight: Sight
    private let state = Mutex(State())

    init(_ loss: Loss, seenAs sight: Sight, at bmc: SimulatedBMC) {
        self.loss = loss
        self.sight = sight
        bmc.onRequest { request, moment in
            guard request.method == "POST", request.path.hasSuffix("ComputerSystem.Reset"),
                self.isLost(at: moment)
            else { return .proceed }
            switch sight {
            case .reset: return .drop
            case .silence: return .silence
            case .restart:
                await bmc.unplug()
                bmc.endSessions()
                do { try await bmc.plugIn() } catch { print("\(error)") }
                return .drop
            }
        }
        bmc.onIPMIRequest { request in
            // Chassis Control (IPMI v2.0 28.3).
            guard request.function == 0, request.command == 2, self.come() else { return .proceed }
            if sight == .restart { bmc.endSessions() }
            return loss == .command ? .lose : .loseAnswer
        }
    }

    /// Returns when the command has come to the BMC.
    func arrival() async {
        await withCheckedContinuation { continuation in
            let hasCome = state.withLock { state in
                if !state.hasCome { state.watchers.append(continuation) }
                return state.hasCome
            }
            if hasCome { continuation.resume() }
        }
    }

    private func isLost(at moment: RequestMoment) -> Bool {
        switch moment {
        case .arrived:
            guard come() else { return false }
            if loss == .answer { state.withLock { $0.isToBeLost = true } }
            return loss == .command
        case .executed:
            return state.withLock { state in
                defer { state.isToBeLost = false }
                return state.isToBeLost
            }
        }
    }

    /// Whether this is the first.
    private func come() -> Bool {
        let watchers: [CheckedContinuation<Void, Never>]? = state.withLock { state in
            guard !state.hasCome else { return nil }
            state.hasCome = true
            defer { state.watchers = [] }
            return state.watchers
        }
        for watcher in watchers ?? [] { watcher.resume() }
        return watchers != nil
    }
}
