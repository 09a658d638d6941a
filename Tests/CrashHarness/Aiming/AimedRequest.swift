import Locking
import Simulator

/// The request to a BMC at which the daemon is to die, among those that come.
final class AimedRequest: Sendable {
    private struct State {
        var count = 0
        var hasCome = false
        /// The BMC that carries the request out.
        var bmc: Int?
        var strike: (@Sendable () -> Void)?
    }

    private let kind: RequestKind
    private let point: RequestPoint
    private let number: Int
    private let state = Mutex(State())

    /// - Parameter number: which of the requests of that kind, to any BMC, counted from 1.
    init(_ kind: RequestKind, _ point: RequestPoint, number: Int) {
        self.kind = kind
        self.point = point
        self.number = number
    }

    /// - Parameter strike: what kills the daemon.
    func arm(_ strike: @escaping @Sendable () -> Void) {
        state.withLock { $0.strike = strike }
    }

    /// Whether the daemon was killed.
    var hasCome: Bool { state.withLock { $0.hasCome } }

    /// A request over Redfish came to a BMC.
    /// - Returns: what becomes of it; nil if it isn't the one.
    func verdict(onArrivalOf request: SimulatedRequest) -> RequestVerdict? {
        guard isNext(RequestKind(request)) else { return nil }
        if point == .before {
            die()
            return .drop
        }
        state.withLock { $0.bmc = request.bmc }
        return .proceed
    }

    /// A BMC has carried out a request over Redfish.
    /// - Returns: what becomes of the answer; nil if it isn't the one.
    func verdict(onExecutionOf request: SimulatedRequest) -> RequestVerdict? {
        let isIt = state.withLock { state in
            guard state.bmc == request.bmc, !state.hasCome else { return false }
            state.bmc = nil
            return true
        }
        guard isIt else { return nil }
        if point == .answered {
            dieSoon()
            return .proceed
        }
        die()
        return .drop
    }

    /// A command over IPMI came to a BMC.
    /// - Returns: what becomes of it; nil if it isn't the one.
    func verdict(on request: SimulatedIPMIRequest) -> IPMIVerdict? {
        guard isNext(RequestKind(request)) else { return nil }
        switch point {
        case .before:
            die()
            return .lose
        case .executed:
            die()
            return .loseAnswer
        case .answered:
            dieSoon()
            return .proceed
        }
    }

    private func isNext(_ kind: RequestKind) -> Bool {
        guard kind == self.kind else { return false }
        return state.withLock { state in
            state.count += 1
            return state.count == number
        }
    }

    private func die() {
        let strike = state.withLock { state in
            state.hasCome = true
            return state.strike
        }
        strike?()
    }

    /// The answer goes out meanwhile.
    private func dieSoon() {
        Task { die() }
    }
}
