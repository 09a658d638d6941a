internal import Core
internal import NIOCore

extension SimulatedBMC {
    /// What goes out for a request.
    enum Outcome: Sendable {
        case answer(SimulatedAnswer)
        case drop
        case garbage([UInt8])
        case silence
    }

    /// How a request is to be dealt with.
    private enum Course: Sendable {
        case direct
        case hanging
        case interceptors(RequestHook?, [RequestGate])
    }

    /// Deals with a request and calls `finish` with what goes out: at once, unless something holds
    /// the request.
    func receive(_ request: SimulatedRequest, finish: @escaping @Sendable (Outcome) -> Void) {
        let limit = settings.configuration.requestLogLimit
        let course: Course = withWire { wire in
            wire.noteArrival(request, logLimit: limit)
            if wire.isHanging {
                wire.parked.append { [self] resumed in
                    resumed ? carryOut(request, finish) : finish(.drop)
                }
                return .hanging
            }
            if wire.hook == nil, wire.gates.isEmpty, answerDelay == nil { return .direct }
            return .interceptors(wire.hook, wire.gates)
        }
        switch course {
        case .hanging: break
        case .direct: finish(.answer(withState { $0.answer(request) }))
        case .interceptors(let hook, let gates): intercept(request, hook, gates, finish)
        }
    }

    private var answerDelay: Duration? {
        withState { $0.speaks(.slow) } ? .seconds(1) : nil
    }

    /// The request was answered or dropped.
    func noteFinished() {
        withWire { $0.statistics.requestsInFlight -= 1 }
    }

    // A request that was parked while the BMC hung.
    private func carryOut(
        _ request: SimulatedRequest, _ finish: @escaping @Sendable (Outcome) -> Void
    ) {
        let (hook, gates) = withWire { ($0.hook, $0.gates) }
        intercept(request, hook, gates, finish)
    }

    private func intercept(
        _ request: SimulatedRequest, _ hook: RequestHook?, _ gates: [RequestGate],
        _ finish: @escaping @Sendable (Outcome) -> Void
    ) {
        Task {
            if let answerDelay { _ = await outcome(of: .delay(answerDelay)) }
            let consult = { @Sendable (moment: RequestMoment) async -> RequestVerdict in
                for gate in gates {
                    let verdict = await gate.pass(request, moment)
                    guard case .proceed = verdict else { return verdict }
                }
                return await hook?(request, moment) ?? .proceed
            }
            if let early = await outcome(of: consult(.arrived)) {
                finish(early)
                return
            }
            let answer = withState { $0.answer(request) }
            finish(await outcome(of: consult(.executed(answer))) ?? .answer(answer))
        }
    }

    /// What the verdict makes of the request; nil if it goes on.
    private func outcome(of verdict: RequestVerdict) async -> Outcome? {
        switch verdict {
        case .proceed: return nil
        case .answer(let answer): return .answer(answer)
        case .drop: return .drop
        case .garbage(let bytes): return .garbage(bytes)
        case .silence: return .silence
        case .delay(let duration):
            // Fails only when the event loop is gone, and the process with it.
            try? await loop.scheduleTask(in: TimeAmount(duration)) {}.futureResult.get()
            return nil
        }
    }
}
