internal import IPMIWire

/// The managed end of one session, from its proposal on.
struct ManagedSession: Sendable {
    enum Phase: Sendable {
        /// Open Session was answered.
        case proposed
        /// RAKP 2 was sent.
        case proving(RAKPExchange, IPMIAccount)
        case active(ActiveSession)
    }

    /// A step of the opening and what it was answered with, for a console that asks again because
    /// the answer got lost or is late.
    struct Step: Sendable {
        private let message: ArraySlice<UInt8>
        private let answer: ArraySlice<UInt8>

        /// - Parameters:
        ///   - message: The payload that came, its tag first.
        ///   - answer: The payload that went out.
        init(message: [UInt8], answer: [UInt8]) {
            self.message = message.dropFirst()
            self.answer = answer.dropFirst()
        }

        /// The payload that answers the step when it is sent again; nil if `message` is another.
        /// Consoles give each attempt a tag of its own (freeipmi, ipmipower), which comes back.
        func answer(to message: [UInt8]) -> [UInt8]? {
            message.dropFirst() == self.message ? Array(message.prefix(1) + answer) : nil
        }
    }

    let id: UInt32
    let consoleID: UInt32
    let suite: CipherSuite
    /// The most that the console asked for.
    let limit: PrivilegeLevel
    var phase = Phase.proposed
    var lastStep: Step?
    /// On the clock of ``IPMIMoment/uptime``.
    var lastUse: Duration

    var isActive: Bool {
        if case .active = phase { true } else { false }
    }
}
