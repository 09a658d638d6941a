internal import DequeModule
internal import IPMIWire

// MARK: - What becomes of commands and sessions

extension LineMachine {
    /// A command's time is over, whatever became of it.
    mutating func expire(_ ask: Ask, _ now: Duration) {
        var step = ask.message.name
        var isOpening = false
        switch phase {
        case .opening(let opening):
            step = opening.exchange.step
            isOpening = true
            abort(opening)
        case .open(var session):
            session.abandon()
            phase = .open(session)
        case .idle, .closing: break
        }
        let failure = IPMIFailure.silent(
            step: step, attempts: ask.sent, mayHaveActed: ask.mayHaveActed)
        if isOpening { noteRefusal(failure) }
        finishCurrent(.failure(failure), now)
    }

    mutating func noteRefusal(_ failure: IPMIFailure) {
        var isNews = true
        if case .refused(let before) = trouble { isNews = before != failure }
        note(.refused(failure, isNews: isNews))
        trouble = .refused(failure)
    }

    mutating func note(_ event: LineEvent) {
        effects.append(.note(event))
    }

    /// When an idle session is due, and for what.
    func idleStep(of session: OpenSession) -> (step: OpenSession.IdleStep, at: Duration) {
        session.idleStep(
            rules.timing, keptUntil: use.end(rules.timing, isScarce: isShortOfSlots))
    }

    mutating func finish(_ id: UInt64, _ result: Result<LANResponse, IPMIFailure>) {
        effects.append(.finish(id, result))
    }

    mutating func finishCurrent(_ result: Result<LANResponse, IPMIFailure>, _ now: Duration) {
        guard let ask = current else { return }
        current = nil
        use.end(at: now)
        finish(ask.id, ask.mayHaveActed ? result.mapError { $0.ofSent(ask) } : result)
    }

    mutating func failAll(
        _ failure: IPMIFailure, _ now: Duration, where isMeant: (Ask) -> Bool = { _ in true }
    ) {
        if let current, isMeant(current) { finishCurrent(.failure(failure), now) }
        for ask in queue where isMeant(ask) { finish(ask.id, .failure(failure)) }
        queue.removeAll(where: isMeant)
    }
}

extension LineMachine.Ask {
    /// Whether the BMC may have done something for its sake.
    var mayHaveActed: Bool { sent > 0 && !message.isRepeatable }
}

extension IPMIFailure {
    /// What it means for a command that was on its way already.
    fileprivate func ofSent(_ ask: LineMachine.Ask) -> IPMIFailure {
        switch self {
        case .silent, .cancelled: self
        case .closed: .cancelled(mayHaveActed: true)
        default: .silent(step: ask.message.name, attempts: ask.sent, mayHaveActed: true)
        }
    }
}
