/// How long a BMC takes to answer, as far as that was seen, and how long it is waited for therefore.
///
/// A question that is sent again too early costs more than time: a BMC that takes one datagram after
/// the other answers the copies, too, one session slot for each copy of Open Session, a new random
/// number for each of RAKP 1, by which the one that was answered first is worth nothing.
struct AnswerPace: Sendable {
    /// What is asked.
    enum Question: Sendable {
        /// What may be asked twice.
        case command
        /// What opens a session, step by step.
        case step
    }

    /// The slowest of the last answers; a quicker one brings it down by half. Nil if none came.
    private var command: Duration?
    private var step: Duration?

    /// A question was answered.
    mutating func note(_ exchange: Exchange, at now: Duration, to question: Question) {
        let time = exchange.answerTime(at: now)
        switch question {
        case .command: command = max(time, (command ?? .zero) / 2)
        case .step: step = max(time, (step ?? .zero) / 2)
        }
    }

    /// What was taken for the answer to a copy was not.
    /// - Parameter time: how long a step may have taken.
    mutating func misjudged(_ time: Duration) {
        step = max(step ?? .zero, time)
    }

    /// How long the first answer is waited for.
    func timeout(for question: Question, _ timing: IPMITiming, _ access: SessionAccess) -> Duration
    {
        let least = access.retryAfter ?? timing.firstTimeout
        switch question {
        case .command:
            return max(least, min((command ?? .zero) * 1.5, timing.longestTimeout))
        case .step:
            let usual = step.map { $0 * 2 } ?? max(timing.openingTimeout, (command ?? .zero) * 4)
            return max(least, min(usual, timing.longestOpeningTimeout))
        }
    }
}
