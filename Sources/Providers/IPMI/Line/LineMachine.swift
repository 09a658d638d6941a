internal import DequeModule
internal import IPMIWire

/// The line to one BMC: commands in, packets and outcomes out. It keeps at most one session and one
/// question on its way, in the order in which they were asked. Does no I/O and reads no clock.
struct LineMachine: Sendable {
    enum Effect: Sendable {
        case send([UInt8])
        /// What became of a command, by its ID.
        case finish(UInt64, Result<LANResponse, IPMIFailure>)
        case note(LineEvent)
    }

    /// A command and who wants it answered.
    struct Ask: Sendable {
        let id: UInt64
        let access: SessionAccess
        let message: CommandMessage
        /// When it must be over; set as its turn comes.
        var deadline: Duration = .zero
        /// Whether a session was opened anew for its sake, since the one before was silent.
        var isReopened = false
        /// How often it was sent.
        var sent = 0
        /// How often the BMC was asked something else because it said nothing to this.
        var controls = 0
    }

    enum Phase: Sendable {
        case idle
        indirect case opening(SessionOpening)
        case open(OpenSession)
        case closing(SessionMachine, LANRequest, Exchange)
    }

    /// What is wrong since there was a session last.
    enum Trouble: Sendable {
        case none
        case lost
        indirect case refused(IPMIFailure)
    }

    let rules: LineRules
    var phase = Phase.idle
    var queue: Deque<Ask> = []
    /// Whose turn it is.
    var current: Ask?
    var effects: [Effect] = []
    var use = UsePattern()
    private var memory = RefusalMemory()
    /// The suite of the last session.
    private var suite: CipherSuite?
    var unknown = UnknownCommands()
    /// How long the BMC takes to answer.
    var pace = AnswerPace()
    /// Whether the BMC had no slot free when a session was opened last.
    var isShortOfSlots = false
    var trouble = Trouble.none

    init(rules: LineRules) {
        self.rules = rules
    }

    /// Whether nothing goes on and no session is open.
    var isQuiet: Bool {
        guard case .idle = phase else { return false }
        return current == nil && queue.isEmpty
    }

    var hasSession: Bool {
        if case .open = phase { true } else { false }
    }

    /// By which the open session is told from those before it; nil while none is open.
    var sessionID: UInt32? {
        if case .open(let session) = phase { session.machine.consoleID } else { nil }
    }

    /// What there is to be done, once.
    mutating func takeEffects() -> [Effect] {
        guard !effects.isEmpty else { return [] }
        defer { effects = [] }
        return effects
    }

    /// The next moment at which ``tick(_:)`` has something to do; nil if there is none.
    var due: Duration? {
        let next: Duration?
        switch phase {
        case .idle: next = nil
        case .opening(let opening): next = opening.due
        case .open(let session): next = session.sending?.due ?? idleStep(of: session).at
        case .closing(_, _, let exchange): next = exchange.due
        }
        guard let current else { return next }
        return next.map { min($0, current.deadline) } ?? current.deadline
    }
}

// MARK: - Events

extension LineMachine {
    mutating func ask(_ ask: Ask, _ now: Duration) {
        // Without a queue a line costs less memory, and it seldom needs one.
        if current == nil, queue.isEmpty {
            admit(ask, now)
        } else if ask.message.isUrgent {
            setAside(now)
            let place = queue.firstIndex { !$0.message.isUrgent } ?? queue.endIndex
            queue.insert(ask, at: place)
        } else {
            queue.append(ask)
        }
        serve(now)
    }

    /// The caller wants no answer any more.
    mutating func cancel(_ id: UInt64, _ now: Duration) {
        if let place = queue.firstIndex(where: { $0.id == id }) {
            queue.remove(at: place)
            finish(id, .failure(.cancelled(mayHaveActed: false)))
            return
        }
        guard let current, current.id == id else { return }
        // A session that is being opened serves the next one. A command that is under way keeps
        // the line until its answer or the answer's time comes, so that there are not two.
        finishCurrent(.failure(.cancelled(mayHaveActed: current.mayHaveActed)), now)
        if case .open(var session) = phase {
            session.abandon()
            phase = .open(session)
        }
        serve(now)
    }

    mutating func receive(_ datagram: [UInt8], _ now: Duration) {
        switch phase {
        case .idle: return
        case .opening(var opening):
            follow(opening.receive(datagram, now), of: opening, now)
        case .open(var session):
            guard case .response(let response) = session.machine.receive(datagram) else { return }
            receive(response, in: &session, now)
        case .closing(var machine, let request, let exchange):
            let action = machine.receive(datagram)
            phase = .closing(machine, request, exchange)
            guard case .response(let response) = action, response.answers(request) else { return }
            phase = .idle
        }
        serve(now)
    }

    mutating func tick(_ now: Duration) {
        if let current, current.deadline <= now { expire(current, now) }
        switch phase {
        case .idle: break
        case .opening(var opening):
            // Nobody waits for the session any more.
            if current == nil, queue.isEmpty, now >= opening.due {
                abort(opening)
            } else {
                follow(opening.tick(now), of: opening, now)
            }
        case .open(let session): tick(session, now)
        case .closing(let machine, let request, let exchange):
            guard now >= exchange.due else { return }
            guard !exchange.isSpent else {
                phase = .idle
                break
            }
            close(machine, request, exchange, now)
        }
        serve(now)
    }

    /// A packet could not be sent. What waits is told why, and a session is kept: the BMC may be
    /// reached again before it has dropped it.
    mutating func fail(_ failure: IPMIFailure, _ now: Duration) {
        failAll(failure, now)
        switch phase {
        case .opening(let opening): abort(opening)
        case .open(var session):
            // What keeps the session is sent again when its time comes.
            if case .keepAlive = session.sending?.purpose { return }
            session.giveUp()
            phase = .open(session)
        case .idle, .closing: break
        }
    }

    /// Fails whatever waits, and closes the session.
    mutating func close(_ now: Duration) {
        failAll(.closed, now)
        switch phase {
        case .idle, .closing: break
        case .opening(let opening): abort(opening)
        case .open(let session): close(session, now)
        }
    }

    /// A BMC drops by itself what was not opened to the end.
    mutating func abort(_ opening: SessionOpening) {
        phase = .idle
        if case .raising(let machine, _) = opening.step { leave(machine, sequence: 3) }
    }
}

// MARK: - The queue

extension LineMachine {
    /// Begins what can be begun.
    mutating func serve(_ now: Duration) {
        while true {
            if current == nil {
                guard let next = queue.popFirst() else { return }
                admit(next, now)
            }
            guard let ask = current else { continue }
            switch phase {
            case .idle:
                let remembered = suite.flatMap { ask.access.suites.contains($0) ? $0 : nil }
                var opening = SessionOpening(
                    access: ask.access, remembered: remembered,
                    isLowered: memory.isLowered(ask.access), rules: rules, pace: pace)
                let action = opening.begin(now)
                follow(action, of: opening, now)
                // A packet that can't be made has ended it.
                if case .idle = phase { continue }
            case .open(let session) where session.access != ask.access:
                guard session.sending == nil else { return }
                close(session, now)
            case .open(var session):
                guard session.sending == nil else { return }
                begin(ask, in: &session, now)
            case .opening, .closing: break
            }
            return
        }
    }

    /// Has a question wait to which the BMC says nothing, because one about the power has come.
    private mutating func setAside(_ now: Duration) {
        guard case .open(var session) = phase, let sending = session.sending, let current,
            !current.message.isUrgent, current.message.isRepeatable,
            sending.purpose == .control || sending.purpose == .command && sending.exchange.sent > 1
        else { return }
        session.abandon()
        phase = .open(session)
        self.current = nil
        queue.prepend(current)
    }

    /// It is a command's turn, unless the BMC is not to be asked.
    private mutating func admit(_ ask: Ask, _ now: Duration) {
        if let objection = memory.objection(to: ask.access, at: now) {
            finish(ask.id, .failure(objection))
            return
        }
        if unknown.contains(ask.message, at: now) {
            finish(ask.id, .failure(.ignored(command: ask.message.name)))
            return
        }
        current = ask
        let timing = rules.timing
        current?.deadline =
            now + max(timing.budget, (ask.access.retryAfter ?? .zero) * timing.attempts)
        use.begin(at: now, rules.timing)
    }

    /// Does what an opening wants done.
    mutating func follow(
        _ action: SessionOpening.Action, of opening: SessionOpening, _ now: Duration
    ) {
        phase = .opening(opening)
        pace = opening.pace
        switch action {
        case .wait: break
        case .send(let datagram): effects.append(.send(datagram))
        case .opened(let machine, let sequence):
            memory.accept(
                opening.access, isLowered: opening.privilege < opening.access.privilege)
            suite = opening.suite
            isShortOfSlots = opening.slotRefusals > 0
            let isAgain = if case .none = trouble { false } else { true }
            // It may have been updated meanwhile, or another may stand there.
            if isAgain, current?.isReopened != true { unknown.removeAll() }
            note(.opened(opening.suite, isAgain: isAgain))
            trouble = .none
            phase = .open(
                OpenSession(
                    machine: machine, access: opening.access, sequence: sequence, lastHeard: now))
        case .failed(let failure, let session):
            phase = .idle
            suite = nil
            isShortOfSlots = opening.slotRefusals > 0
            noteRefusal(failure)
            if let session { leave(session, sequence: 3) }
            if case .session(let failure) = failure, failure.isAboutCredentials {
                memory.refuse(opening.access, failure, at: now)
            }
            // Who waits for the same would be told the same, each after as long a time.
            failAll(failure, now) { $0.access == opening.access }
        }
    }
}
