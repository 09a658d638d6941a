/// A packet that was sent and is waited upon, and when it is sent again.
struct Exchange: Hashable, Sendable {
    /// What an error calls it.
    let step: String
    /// How often it is sent at the most.
    let limit: Int
    private(set) var sent = 0
    /// When the answer is due.
    private(set) var due: Duration = .zero

    init(_ step: String, limit: Int) {
        self.step = step
        self.limit = limit
    }

    var isSpent: Bool { sent >= limit }

    /// The packet goes out now.
    mutating func send(at now: Duration, _ rules: LineRules) {
        sent += 1
        due = now + rules.timeout(sent: sent)
    }
}
