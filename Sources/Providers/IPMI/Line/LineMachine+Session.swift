internal import IPMIWire

// MARK: - Commands in an open session

extension LineMachine {
    /// Sends the current command, for the first time in this session.
    mutating func begin(_ ask: Ask, in session: inout OpenSession, _ now: Duration) {
        let timing = rules.timing
        if !ask.message.isRepeatable, session.unanswered != nil {
            resume(ask, in: session, now)
            return
        }
        let isSuspect = session.isSuspect(timing, now)
        if isSuspect, !ask.message.isRepeatable {
            // It can't be sent again in another session, so this one has to be good. Level 0 asks
            // for the present level and changes nothing (IPMI v2.0 22.18).
            send(
                CommandMessage(SetSessionPrivilegeLevel(level: nil)), as: .probe,
                limit: timing.fewAttempts, in: session, now)
            return
        }
        let limit =
            if ask.message.isSeenInStatus {
                timing.attemptsBeforeLook
            } else if ask.message.option != nil {
                // What a BMC does not know need not be waited for so long; but what is to be
                // changed.
                ask.message.isReading ? timing.fewAttempts : timing.shortAttempts
            } else if ask.isReopened {
                timing.attempts
            } else if isSuspect {
                timing.fewAttempts
            } else {
                timing.shortAttempts
            }
        send(ask.message, as: .command, limit: limit, in: session, now)
    }

    /// Sends a command that takes effect, after one that was not answered.
    ///
    /// Copies of that one may still arrive, and the BMC carries out the first that it gets, even if
    /// a later packet overtook it (IPMI v2.0 6.12.13: the window reaches back 16 packets). So the
    /// same command goes out as the same packet, of which the BMC takes one copy; before another
    /// one the session is closed, and what is under way in it means nothing any more: a late "down"
    /// must not undo an "up".
    private mutating func resume(_ ask: Ask, in session: OpenSession, _ now: Duration) {
        var session = session
        guard var sending = session.unanswered, sending.message == ask.message,
            ask.message.isSeenInStatus, !sending.isResumed,
            now - sending.exchange.due < rules.timing.suspicion
        else {
            close(session, now)
            return
        }
        session.unanswered = nil
        sending.isResumed = true
        sending.purpose = .command
        sending.exchange = Exchange(
            sending.exchange.step, limit: rules.timing.attemptsBeforeLook,
            timeout: sending.exchange.timeout)
        transmit(sending, in: session, now)
    }

    private mutating func send(
        _ message: CommandMessage, as purpose: OpenSession.Sending.Purpose, limit: Int,
        in session: OpenSession, _ now: Duration
    ) {
        var session = session
        let request = message.request(sequence: session.nextSequence())
        transmit(
            OpenSession.Sending(
                purpose: purpose, message: message, request: request, datagram: [],
                exchange: Exchange(
                    message.name, limit: limit,
                    timeout: pace.timeout(for: .command, rules.timing, session.access))),
            in: session, now)
    }

    /// Sends a command, again or for the first time.
    ///
    /// One that may be repeated is sealed anew: it has the same sequence number, and a number of
    /// the session that the BMC has not seen. One that may not is sent as the very same packet:
    /// if only the answer was lost, the BMC drops the packet as a duplicate (IPMI v2.0 6.12.13)
    /// and does nothing twice.
    private mutating func transmit(
        _ sending: OpenSession.Sending, in session: OpenSession, _ now: Duration
    ) {
        var session = session
        var sending = sending
        if sending.message.isRepeatable || sending.datagram.isEmpty {
            do throws(SessionFailure) {
                sending.datagram = try session.machine.seal(sending.request)
            } catch {
                phase = .idle
                finishCurrent(.failure(.session(error)), now)
                return
            }
        }
        sending.exchange.send(at: now, rules)
        sending.pause = nil
        effects.append(.send(sending.datagram))
        if case .command = sending.purpose { current?.sent += 1 }
        session.sending = sending
        phase = .open(session)
    }

    mutating func receive(
        _ response: LANResponse, in session: inout OpenSession, _ now: Duration
    ) {
        session.lastHeard = now
        if let late = session.unanswered, response.answers(late.request) {
            // The BMC took a copy, and takes no other.
            session.unanswered = nil
        }
        if let doubted = session.doubted, response.answers(doubted.request),
            doubted.message == current?.message
        {
            // It is just slow. The control's answer is waited for, so that there are not two.
            session.doubted = nil
            session.abandon()
            phase = .open(session)
            pace.note(doubted.exchange, at: now, to: .command)
            finishCurrent(.success(response), now)
            return
        }
        guard var sending = session.sending, response.answers(sending.request) else {
            phase = .open(session)
            return
        }
        pace.note(sending.exchange, at: now, to: .command)
        // Where nothing was done for lack of time, the same command may be done in a moment.
        let isBusy =
            response.code.isBusy || response.code == .timeout && sending.message.isRepeatable
        let since = sending.busySince ?? now
        if isBusy, sending.purpose == .command, now - since < rules.timing.busyBudget {
            if sending.pause == nil {
                sending.busySince = since
                sending.busyCount += 1
                sending.pause = now + rules.timing.busyPause(count: sending.busyCount)
            }
            session.sending = sending
            phase = .open(session)
            return
        }
        session.sending = nil
        phase = .open(session)
        switch sending.purpose {
        case .command:
            unknown.remove(sending.message)
            finishCurrent(.success(response), now)
        case .control:
            heard(sending, in: session, now)
        case .probe, .keepAlive, .abandoned:
            // It is the current one's turn.
            break
        }
    }

    /// The BMC answers: it is the current command that it says nothing to. Where the question for
    /// that got lost, too, the command may have been lost, and is sent again.
    private mutating func heard(
        _ control: OpenSession.Sending, in session: OpenSession, _ now: Duration
    ) {
        var session = session
        session.doubted = nil
        phase = .open(session)
        guard let ask = current, control.exchange.sent == 1 || ask.controls > 2 else { return }
        unknown.insert(ask.message, at: now)
        finishCurrent(.failure(.ignored(command: ask.message.name)), now)
    }

    mutating func tick(_ session: OpenSession, _ now: Duration) {
        guard var sending = session.sending else {
            let idle = idleStep(of: session)
            guard now >= idle.at else { return }
            switch idle.step {
            case .close: close(session, now)
            case .keepAlive:
                // Every BMC knows this one (IPMI v2.0 20.1), at any privilege; other consoles keep
                // their sessions by it, too (ipmitool).
                send(
                    CommandMessage(GetDeviceID()), as: .keepAlive, limit: rules.timing.fewAttempts,
                    in: session, now)
            }
            return
        }
        guard now >= sending.due else { return }
        if sending.pause != nil {
            var session = session
            sending.request.sequence = session.nextSequence()
            sending.datagram = []
            sending.exchange = Exchange(
                sending.exchange.step, limit: sending.exchange.limit,
                timeout: sending.exchange.timeout)
            transmit(sending, in: session, now)
        } else if case .abandoned = sending.purpose {
            var session = session
            session.giveUp()
            phase = .open(session)
        } else if sending.exchange.isSpent {
            silent(sending, in: session, now)
        } else {
            transmit(sending, in: session, now)
        }
    }

    /// The BMC does not answer in this session: it may have dropped it.
    private mutating func silent(
        _ sending: OpenSession.Sending, in session: OpenSession, _ now: Duration
    ) {
        if sending.message.isSeenInStatus, !sending.isResumed, let ask = current {
            // A look tells the caller more than further silence.
            var session = session
            session.giveUp()
            phase = .open(session)
            finishCurrent(.failure(silence(of: ask)), now)
            return
        }
        if sending.purpose == .command, sending.message.option != nil, current != nil,
            session.unanswered == nil
        {
            // Is it the command, or the BMC? Every BMC knows this one (IPMI v2.0 appendix G).
            current?.controls += 1
            var session = session
            session.sending = nil
            session.doubted = sending
            send(
                CommandMessage(GetDeviceID()), as: .control, limit: rules.timing.fewAttempts,
                in: session, now)
            return
        }
        note(.lost(step: sending.message.name, quiet: now - session.lastHeard))
        trouble = .lost
        // If it has not, it need not keep a slot for it.
        leave(session.machine, sequence: (session.sequence + 1) & 0x3F)
        phase = .idle
        guard let ask = current else { return }
        let mayAct = [.probe, .control].contains(sending.purpose) || sending.message.isRepeatable
        if mayAct, !ask.isReopened {
            current?.isReopened = true
            return
        }
        finishCurrent(.failure(silence(of: ask)), now)
    }

    private func silence(of ask: Ask) -> IPMIFailure {
        .silent(
            step: ask.message.name, attempts: ask.sent, mayHaveActed: ask.mayHaveActed)
    }
}

// MARK: - Closing

extension LineMachine {
    /// Closes a session, and waits a moment for the BMC to confirm.
    mutating func close(_ session: OpenSession, _ now: Duration) {
        var session = session
        note(.closed)
        guard let request = Self.closing(session.machine, sequence: session.nextSequence()) else {
            phase = .idle
            return
        }
        close(session.machine, request, Exchange(CloseSession.name, limit: 2), now)
    }

    /// Sends the question to close, again or for the first time.
    mutating func close(
        _ machine: SessionMachine, _ request: LANRequest, _ exchange: Exchange, _ now: Duration
    ) {
        var machine = machine
        var exchange = exchange
        do throws(SessionFailure) {
            effects.append(.send(try machine.seal(request)))
            exchange.send(at: now, rules)
            phase = .closing(machine, request, exchange)
        } catch {
            phase = .idle
        }
    }

    /// Has the BMC drop a session, without waiting for it to say so.
    mutating func leave(_ machine: SessionMachine, sequence: UInt8) {
        var machine = machine
        guard let request = Self.closing(machine, sequence: sequence) else { return }
        do throws(SessionFailure) {
            effects.append(.send(try machine.seal(request)))
        } catch {
            // No packet, no farewell: the BMC drops the session after a minute.
        }
    }

    private static func closing(_ machine: SessionMachine, sequence: UInt8) -> LANRequest? {
        machine.bmcID.map {
            CommandMessage(CloseSession(target: .session($0))).request(sequence: sequence)
        }
    }
}
