internal import Locking

/// Holds requests at a BMC until it is opened: ``SimulatedBMC/hold(at:where:)``.
public final class RequestGate: Sendable {
    /// Which of a request's two moments.
    public enum Point: Sendable, Hashable {
        case beforeExecution
        case beforeAnswer
    }

    private typealias Watcher = CheckedContinuation<SimulatedRequest?, Never>

    private struct State: Sendable {
        var verdict: RequestVerdict?
        var arrived: [SimulatedRequest] = []
        var held: [CheckedContinuation<RequestVerdict, Never>] = []
        var watchers: [Watcher] = []
    }

    private let point: Point
    private let isMeant: @Sendable (SimulatedRequest) -> Bool
    private let state = Mutex(State())

    init(at point: Point, where isMeant: @escaping @Sendable (SimulatedRequest) -> Bool) {
        self.point = point
        self.isMeant = isMeant
    }

    /// The requests that the gate held, the first first.
    public var requests: [SimulatedRequest] {
        state.withLock { $0.arrived }
    }

    /// Waits for the first request to come to the gate; nil if the gate was opened before one came.
    public func arrival() async -> SimulatedRequest? {
        await withCheckedContinuation { continuation in
            let known: SimulatedRequest?? = state.withLock { state in
                if let first = state.arrived.first { return first }
                if state.verdict != nil { return .some(nil) }
                state.watchers.append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Lets go what is held, and whatever comes later, with this verdict. Only the first call
    /// counts.
    public func open(_ verdict: RequestVerdict = .proceed) {
        let before = state.withLock { state in
            let before = state
            guard before.verdict == nil else { return State() }
            state.verdict = verdict
            state.held = []
            state.watchers = []
            return before
        }
        for continuation in before.held { continuation.resume(returning: verdict) }
        for watcher in before.watchers { watcher.resume(returning: nil) }
    }

    func pass(_ request: SimulatedRequest, _ moment: RequestMoment) async -> RequestVerdict {
        let isHere =
            switch moment {
            case .arrived: point == .beforeExecution
            case .executed: point == .beforeAnswer
            }
        guard isHere, isMeant(request) else { return .proceed }
        return await withCheckedContinuation { continuation in
            let (verdict, watchers): (RequestVerdict?, [Watcher]) = state.withLock { state in
                if let verdict = state.verdict { return (.some(verdict), []) }
                state.arrived.append(request)
                state.held.append(continuation)
                defer { state.watchers = [] }
                return (nil, state.watchers)
            }
            for watcher in watchers { watcher.resume(returning: request) }
            if let verdict { continuation.resume(returning: verdict) }
        }
    }
}
