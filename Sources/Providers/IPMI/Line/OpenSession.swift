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

        var due: Duration { pause ?? exchange.due }
    }

    var machine: SessionMachine
    let access: SessionAccess
    /// The number of the last command; 6 bits (IPMI v2.0 13.8).
    var sequence: UInt8
    /// When a packet came last that is authentic.
    var lastHeard: Duration
    var sending: Sending?

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

    func due(_ timing: IPMITiming) -> Duration {
        sending?.due ?? lastHeard + timing.idle
    }

    /// Nobody waits for the command that is under way. One that the BMC was too busy for is none.
    mutating func abandon() {
        if sending?.pause == nil {
            sending?.purpose = .abandoned
        } else {
            sending = nil
        }
    }
}
