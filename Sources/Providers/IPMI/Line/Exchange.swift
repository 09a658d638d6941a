/// A packet that was sent and is waited upon, and when it is sent again.
struct Exchange: Hashable, Sendable {
    /// What an error calls it.
    let step: String
    /// How often it is sent at the most.
    let limit: Int
    /// How long the first answer is waited for; nil for as long as ever.
    let timeout: Duration?
    private(set) var sent = 0
    /// When it was sent first, and last.
    private(set) var start: Duration = .zero
    private(set) var last: Duration = .zero
    /// When the answer is due.
    private(set) var due: Duration = .zero

    init(_ step: String, limit: Int, timeout: Duration? = nil) {
        self.step = step
        self.limit = limit
        self.timeout = timeout
    }

    var isSpent: Bool { sent >= limit }

    /// How long the answer took that came now; at the most, if it may be to any of several copies.
    /// One that comes right after the last copy is the answer to it, and the others got lost.
    func answerTime(at now: Duration) -> Duration {
        now - last < (due - last) / 16 ? now - last : now - start
    }

    /// The packet goes out now.
    mutating func send(at now: Duration, _ rules: LineRules) {
        if sent == 0 { start = now }
        last = now
        sent += 1
        due = now + rules.timeout(sent: sent, first: timeout)
    }
}
