internal import IPMIWire

/// A session that is open, and the command that is under way in it.
struct OpenSession: Sendable {
    /// A command that was sent and is not answered.
    struct Sending: Sendable {
        enum Purpose: Sendable {
            /// The line's current command.
            case command
            /// To see whether the BMC still knows the session.
            case probe
            /// To see whether the BMC, which says nothing to the current command, answers at all.
            case control
            /// To keep the session; nobody waits for the answer.
            case keepAlive
            /// Nobody waits for the answer any more.
            case abandoned
        }

        var purpose: Purpose
        let message: CommandMessage
        var request: LANRequest
        /// As it was sent last.
        var datagram: [UInt8]
        var exchange: Exchange
        /// When the busy BMC is asked again; nil while its answer is waited for.
        var pause: Duration?
        var busyCount = 0
        var busySince: Duration?
        /// Whether it goes out for the second command that asks for the same.
        var isResumed = false

        var due: Duration { pause ?? exchange.due }
    }

    var machine: SessionMachine
    let access: SessionAccess
    /// The number of the last command; 6 bits (IPMI v2.0 13.8).
    var sequence: UInt8
    /// When a packet came last that is authentic.
    var lastHeard: Duration
    var sending: Sending?
    private var late = Late.none

    /// Kept apart, for thousands of sessions have none.
    private enum Late: Sendable {
        case none
        indirect case command(Sending)
        indirect case doubted(Sending)
    }

    /// A command that the BMC may not know, and that is given up if it answers to another.
    var doubted: Sending? {
        get { if case .doubted(let sending) = late { sending } else { nil } }
        set { late = newValue.map { .doubted($0) } ?? .none }
    }

    /// A command that is not repeatable and was given up without an answer: copies of it may still
    /// be under way.
    var unanswered: Sending? {
        get { if case .command(let sending) = late { sending } else { nil } }
        set { late = newValue.map { .command($0) } ?? .none }
    }

    /// What becomes of a session in which nothing is under way.
    enum IdleStep: Sendable {
        case keepAlive
        case close
    }

    init(machine: SessionMachine, access: SessionAccess, sequence: UInt8, lastHeard: Duration) {
        self.machine = machine
        self.access = access
        self.sequence = sequence
        self.lastHeard = lastHeard
    }

    mutating func nextSequence() -> UInt8 {
        sequence = (sequence + 1) & 0x3F
        return sequence
    }

    /// Whether the BMC may have dropped it.
    func isSuspect(_ timing: IPMITiming, _ now: Duration) -> Bool {
        now - lastHeard > timing.suspicion || lastHeard < unanswered?.exchange.due ?? .zero
    }

    /// - Parameter end: Until when the session is kept.
    func idleStep(_ timing: IPMITiming, keptUntil end: Duration) -> (step: IdleStep, at: Duration) {
        end > lastHeard + timing.idle
            ? (.keepAlive, lastHeard + timing.keepAlive) : (.close, end)
    }

    /// Nobody waits for the command that is under way. One that the BMC was too busy for is none.
    mutating func abandon() {
        if case .keepAlive = sending?.purpose { return }
        if sending?.pause == nil {
            sending?.purpose = .abandoned
        } else {
            sending = nil
        }
    }

    /// The command that is under way is given up. Should it be one that takes effect, that is
    /// remembered.
    mutating func giveUp() {
        if let sending, !sending.message.isRepeatable, !sending.datagram.isEmpty {
            unanswered = sending
        }
        sending = nil
    }
}
