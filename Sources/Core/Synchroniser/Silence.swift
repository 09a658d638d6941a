/// How long BMCs have been silent, and what follows from that for the next look: it is made less
/// often, and given a shorter time. Knows no clock.
struct Silence: Sendable {
    /// In every so many rounds one is looked at, at the least.
    private static let mostRounds = 4
    /// How long a look may take at one that was silent last time. Each fourth has its full time, for
    /// some BMCs are just slow.
    private static let shortLimit: Duration = .seconds(10)

    private let limit: Int
    private var looks: [String: Int] = [:]

    /// - Parameter limit: after how many looks in vain a BMC has been silent for long.
    init(after limit: Int) {
        self.limit = limit
    }

    /// Notes whether a BMC gave no answer to a look.
    mutating func note(isSilent: Bool, _ bmc: String) {
        if isSilent { looks[bmc, default: 0] += 1 } else { looks[bmc] = nil }
    }

    /// Forgets BMCs that nobody lists.
    mutating func keep(_ isKept: (String) -> Bool) {
        looks = looks.filter { isKept($0.key) }
    }

    /// Whether a BMC is to be looked at in a round.
    func isDue(_ bmc: String, inRound number: Int) -> Bool {
        guard let count = looks[bmc], count > limit else { return true }
        let rounds = count > 2 * limit ? Self.mostRounds : 2
        return number.isMultiple(of: rounds)
    }

    /// How long a look at a BMC may take; nil: as long as the provider lets it.
    func limit(of bmc: String) -> Duration? {
        guard let count = looks[bmc], count > limit, !count.isMultiple(of: 4) else { return nil }
        return Self.shortLimit
    }
}
