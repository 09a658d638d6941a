internal import IPMIWire
internal import NIOCore

/// Opens a session: asks what the BMC can do, chooses a cipher suite, opens, and raises the
/// privilege. Does no I/O and reads no clock.
///
/// Nothing that comes before the session is protected against forgery: neither what the BMC says
/// that it can do, nor a refusal, nor a proof that is wrong. So what would end the opening is not
/// believed at once: for ``IPMITiming/doubt`` a better answer is waited for. Only whoever
/// reads along can forge at all, for each opening has a random ID of its own.
struct SessionOpening: Sendable {
    enum Action: Sendable {
        case wait
        case send([UInt8])
        /// `sequence` is the number of the last command.
        case opened(SessionMachine, sequence: UInt8)
        /// `session` is one that is open all the same, and has to be closed.
        case failed(IPMIFailure, session: SessionMachine?)
    }

    enum Step: Sendable {
        case capabilities(LANRequest)
        case suites(LANRequest, records: [UInt8])
        case session(SessionMachine)
        case raising(SessionMachine, LANRequest)
    }

    /// What is waited for.
    enum Wait: Sendable {
        case answer
        /// A moment to ask a busy BMC again.
        case askAgain(at: Duration)
        /// A moment to propose again.
        case proposeAgain(at: Duration)
        /// A better answer than a failure.
        case doubt(until: Duration, IPMIFailure)
        /// A later answer to a question of which several copies are under way; so many came.
        indirect case laterAnswer(until: Duration, SessionMachine, count: Int)
    }

    let access: SessionAccess
    /// The privilege that is asked for: less than the access' where that was refused.
    var privilege: PrivilegeLevel
    let rules: LineRules
    var step: Step
    var wait = Wait.answer
    var exchange: Exchange
    /// The suite that is proposed.
    var suite: CipherSuite
    /// Whether the BMC is known to speak ``suite``.
    var isSuiteCertain: Bool
    /// What is proposed should ``suite`` not be taken.
    var candidates: [CipherSuite]
    /// Suites with which the BMC has no slot, if it is that what it means.
    var setAside: [CipherSuite] = []
    /// What was wrong with a suite that the BMC took.
    var brokenSuite: SessionFailure?
    /// What the BMC listed; nil if it did not say.
    var offered: [UInt8]?
    /// Whether the BMC was asked for its list.
    var wasListed = false
    /// Whether the suites are asked for in the format of version 2.0 first.
    var takesExtended = true
    /// Whether ``suite`` is of an earlier session, and the BMC was not asked anything before.
    var isFromMemory: Bool
    /// Whether anything was answered.
    var wasHeard = false
    var busySince: Duration?
    var busyCount = 0
    var slotRefusals = 0
    var restarts = 0
    /// How long the BMC takes to answer.
    var pace: AnswerPace
    /// Whether a step of the present proposal was sent again.
    var hasCopies = false
    /// How long a step that was sent again may have taken.
    var longestStep: Duration = .zero

    /// - Parameters:
    ///   - remembered: The suite of an earlier session; the BMC is asked for its list only where
    ///     that does not do.
    ///   - isLowered: Whether the BMC refused the access' privilege earlier, and took an operator's.
    init(
        access: SessionAccess, remembered: CipherSuite?, isLowered: Bool = false, rules: LineRules,
        pace: AnswerPace = AnswerPace()
    ) {
        self.access = access
        privilege = isLowered ? .operator : access.privilege
        self.rules = rules
        self.pace = pace
        suite = remembered ?? access.suites.first ?? .sha256
        isFromMemory = remembered != nil
        isSuiteCertain = remembered != nil
        candidates = []
        step = .capabilities(Self.capabilities(access, wantsExtended: true))
        exchange = Exchange(
            IPMIFailure.presence, limit: rules.timing.attempts,
            timeout: pace.timeout(for: .command, rules.timing, access))
    }

    /// The next moment at which ``tick(_:)`` has something to do.
    var due: Duration {
        switch wait {
        case .answer: exchange.due
        case .askAgain(let time), .proposeAgain(let time), .doubt(let time, _): time
        case .laterAnswer(let time, _, _): time
        }
    }

    mutating func begin(_ now: Duration) -> Action {
        isFromMemory ? propose(suite, now) : sendStep(now)
    }

    mutating func receive(_ datagram: [UInt8], _ now: Duration) -> Action {
        switch step {
        case .capabilities(let request):
            guard let response = SessionlessMessage.response(in: datagram, to: request) else {
                return .wait
            }
            return receive(capabilities: response, now)
        case .suites(let request, let records):
            guard let response = SessionlessMessage.response(in: datagram, to: request) else {
                return .wait
            }
            return receive(suites: response, to: request, after: records, now)
        case .session(let machine): return receive(datagram, in: machine, now)
        case .raising(var machine, let request):
            let action = machine.receive(datagram)
            step = .raising(machine, request)
            guard case .response(let response) = action, response.answers(request) else {
                return .wait
            }
            return receive(raised: response, to: request, machine, now)
        }
    }

    mutating func tick(_ now: Duration) -> Action {
        guard now >= due else { return .wait }
        switch wait {
        case .askAgain:
            wait = .answer
            exchange = Exchange(
                exchange.step, limit: exchange.limit, timeout: exchange.timeout)
            return sendStep(now)
        case .proposeAgain: return propose(suite, now)
        case .doubt(_, let failure): return settle(failure, now)
        case .laterAnswer(_, let machine, _): return proceed(machine, now)
        case .answer: return exchange.isSpent ? silent(now) : sendStep(now)
        }
    }
}

// MARK: - Sending

extension SessionOpening {
    /// Sends the question of the present step, again or for the first time.
    mutating func sendStep(_ now: Duration) -> Action {
        exchange.send(at: now, rules)
        if exchange.sent > 1, case .session = step { hasCopies = true }
        switch step {
        case .capabilities(let request): return .send(SessionlessMessage.datagram(request))
        case .suites(let request, _):
            // Consoles ask in either format, and there are BMCs that answer to one of them alone:
            // ipmi_sim to that of version 1.5.
            return .send(
                exchange.sent.isMultiple(of: 2) != takesExtended
                    ? SessionlessMessage.extendedDatagram(request)
                    : SessionlessMessage.datagram(request))
        case .session(let machine): return .send(machine.question)
        case .raising(var machine, let request):
            do {
                let datagram = try machine.seal(request)
                step = .raising(machine, request)
                return .send(datagram)
            } catch {
                return .failed(.session(error), session: nil)
            }
        }
    }

    mutating func enter(_ next: Step, _ name: String, limit: Int, _ now: Duration) -> Action {
        let question: AnswerPace.Question = if case .session = next { .step } else { .command }
        step = next
        wait = .answer
        exchange = Exchange(
            name, limit: limit, timeout: pace.timeout(for: question, rules.timing, access))
        return sendStep(now)
    }

    /// Begins a session at the BMC under a new ID.
    mutating func propose(_ suite: CipherSuite, _ now: Duration) -> Action {
        self.suite = suite
        hasCopies = false
        var asked = access
        asked.privilege = privilege
        let machine = SessionMachine(
            access: asked, suite: suite, consoleID: rules.randomID(),
            tag: rules.random(1).first ?? 0, random: rules.random)
        let timing = rules.timing
        let limit =
            isSuiteCertain || candidates.isEmpty
            ? (wasHeard ? timing.shortAttempts : timing.attempts) : timing.fewAttempts
        return enter(.session(machine), machine.step, limit: limit, now)
    }

    /// Asks for the suites, unless there is nothing to choose from.
    mutating func choose(_ now: Duration) -> Action {
        candidates = Array(access.suites.dropFirst())
        guard access.suites.count > 1 else { return propose(suite, now) }
        return list(0, after: [], now)
    }

    mutating func list(_ index: UInt8, after records: [UInt8], _ now: Duration) -> Action {
        wasListed = true
        let request = CommandMessage(GetChannelCipherSuites(index: index))
            .request(sequence: index & 0x3F)
        return enter(
            .suites(request, records: records), GetChannelCipherSuites.name,
            limit: rules.timing.fewAttempts, now)
    }

    static func capabilities(
        _ access: SessionAccess, wantsExtended: Bool
    ) -> LANRequest {
        CommandMessage(
            GetChannelAuthenticationCapabilities(
                privilegeLevel: access.privilege, wantsExtended: wantsExtended)
        ).request(sequence: wantsExtended ? 0 : 1)
    }
}

// MARK: - Answers

extension SessionOpening {
    private mutating func receive(capabilities response: LANResponse, _ now: Duration) -> Action {
        wasHeard = true
        pace.note(exchange, at: now, to: .command)
        guard case .capabilities(let request) = step else { return .wait }
        if response.code.isBusy, let action = pause(now) { return action }
        let name = GetChannelAuthenticationCapabilities.name
        guard response.code == .ok else {
            return request.sequence == 0
                ? doubt(.refused(command: name, response.code), now) : choose(now)
        }
        var data = ByteBuffer(bytes: response.data)
        do throws(IPMIWireError) {
            let capabilities = try GetChannelAuthenticationCapabilities.Response.read(from: &data)
            guard capabilities.speaksVersion2 else { return doubt(.versionOne, now) }
            return choose(now)
        } catch {
            return doubt(.malformed(command: name, error), now)
        }
    }

    /// The first bad answer is held for a moment, in which a better one may come.
    private mutating func doubt(_ failure: IPMIFailure, _ now: Duration) -> Action {
        if case .doubt = wait { return .wait }
        wait = .doubt(until: now + rules.timing.doubt, failure)
        return .wait
    }

    private mutating func receive(
        suites response: LANResponse, to request: LANRequest, after records: [UInt8],
        _ now: Duration
    ) -> Action {
        pace.note(exchange, at: now, to: .command)
        if response.code.isBusy, let action = pause(now) { return action }
        var data = ByteBuffer(bytes: response.data)
        guard response.code == .ok,
            let part = try? GetChannelCipherSuites.Response.read(from: &data)
        else { return propose(suite, now) }
        if exchange.sent > 1 {
            // The next part is asked for in the format that was answered.
            takesExtended = exchange.sent.isMultiple(of: 2) != takesExtended
        }
        let records = records + part.records
        let offered = CipherSuiteRecord.readAll(records).filter { $0.oem == nil }.map(\.id)
        if offered.contains(suite.id) {
            // What comes later is not preferred to the first choice.
            isSuiteCertain = true
            return propose(suite, now)
        }
        let index = request.data.last.map { $0 & 0x3F } ?? 0
        if part.records.count == GetChannelCipherSuites.partLength,
            Int(index) + 1 < GetChannelCipherSuites.partLimit
        {
            return list(index + 1, after: records, now)
        }
        // A list of nothing is none.
        guard !offered.isEmpty else { return propose(suite, now) }
        self.offered = offered
        candidates = access.suites.filter { offered.contains($0.id) }
        isSuiteCertain = true
        return candidates.isEmpty ? doubt(noCommonSuite, now) : proposeNext(now)
    }

    private mutating func receive(
        _ datagram: [UInt8], in machine: SessionMachine, _ now: Duration
    ) -> Action {
        // The machine before the packet is kept until a failure is believed.
        var next = machine
        switch next.receive(datagram) {
        case .none, .response: return .wait
        case .send:
            wasHeard = true
            return receive(next, after: machine, now)
        case .failed(let failure):
            wasHeard = true
            if case .laterAnswer = wait { return .wait }
            return doubt(.session(failure), now)
        case .opened:
            pace.note(exchange, at: now, to: .step)
            // A session begins at the user level (IPMI v2.0 22.18).
            return privilege > .user
                ? raise(next, sequence: 1, now) : .opened(next, sequence: 0)
        }
    }

    private mutating func raise(
        _ machine: SessionMachine, sequence: UInt8, _ now: Duration
    ) -> Action {
        let request = CommandMessage(SetSessionPrivilegeLevel(level: privilege))
            .request(sequence: sequence)
        return enter(
            .raising(machine, request), SetSessionPrivilegeLevel.name,
            limit: rules.timing.shortAttempts, now)
    }

    /// A step was answered. After copies of RAKP 1 the BMC goes by its last answer, so that is waited
    /// for where it is still to be expected.
    private mutating func receive(
        _ next: SessionMachine, after machine: SessionMachine, _ now: Duration
    ) -> Action {
        var count = 1
        if case .laterAnswer(_, _, let before) = wait { count += before }
        guard machine.isNaming, exchange.sent > count, let pause = laterAnswer(now) else {
            return proceed(next, now)
        }
        wait = .laterAnswer(until: now + pause, next, count: count)
        return .wait
    }

    /// For how long; nil where the answer is the one to the last copy, as of a BMC that is quick and
    /// to which the others got lost.
    private func laterAnswer(_ now: Duration) -> Duration? {
        let time = exchange.answerTime(at: now)
        return time < now - exchange.start ? nil : time * 1.25
    }

    private mutating func proceed(_ next: SessionMachine, _ now: Duration) -> Action {
        pace.note(exchange, at: now, to: .step)
        if exchange.sent > 1 { longestStep = max(longestStep, now - exchange.start) }
        return enter(.session(next), next.step, limit: rules.timing.shortAttempts, now)
    }

    private mutating func receive(
        raised response: LANResponse, to request: LANRequest, _ machine: SessionMachine,
        _ now: Duration
    ) -> Action {
        if response.code.isBusy, let action = pause(now) { return action }
        guard response.code == .ok else {
            if response.code.isAboutPrivilege(of: SetSessionPrivilegeLevel.name), lower() {
                return raise(machine, sequence: request.sequence + 1, now)
            }
            return .failed(
                .refused(command: SetSessionPrivilegeLevel.name, response.code), session: machine)
        }
        return .opened(machine, sequence: request.sequence)
    }

    /// Leaves a busy BMC alone for a while; nil if that was long enough.
    private mutating func pause(_ now: Duration) -> Action? {
        if case .askAgain = wait { return .wait }
        let since = busySince ?? now
        guard now - since < rules.timing.busyBudget else { return nil }
        busySince = since
        busyCount += 1
        wait = .askAgain(at: now + rules.timing.busyPause(count: busyCount))
        return .wait
    }
}
