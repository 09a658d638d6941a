/// Which BMCs are to be looked at before the next round, and when. Knows no clock.
///
/// However often a BMC is named, it is looked at once at the end of ``gathering``, and again no
/// sooner than ``pause`` after that.
struct EarlyLooks: Sendable {
    /// The time from an event to its look: events come in bursts, and often before the BMC's
    /// resources say the same.
    static let gathering: Duration = .seconds(1)
    /// The least time between two early looks at one BMC.
    static let pause: Duration = .seconds(5)
    /// How many looks may follow an event's own to make sure, beyond those that the rules want:
    /// one may find the BMC busy or silent.
    static let spareLooks = 3

    private var due: [String: Duration] = [:]
    private var last: [String: Duration] = [:]
    private var followUps: [String: Int] = [:]

    /// When something is due first; nil if nothing is.
    var next: Duration? { due.values.min() }

    /// Has a BMC looked at soon; one that will be is not looked at twice.
    mutating func ask(for bmc: String, at now: Duration) {
        followUps[bmc] = nil
        schedule(bmc, at: now)
    }

    /// Has a BMC looked at again, because its last look left a doubt; at most `limit` times after
    /// it was asked for.
    mutating func follow(_ bmc: String, limit: Int, at now: Duration) {
        let count = (followUps[bmc] ?? 0) + 1
        guard count <= limit else { return end(bmc) }
        followUps[bmc] = count
        schedule(bmc, at: now)
    }

    /// Nothing is left to make sure of.
    mutating func end(_ bmc: String) {
        followUps[bmc] = nil
    }

    /// Puts off what was taken and could not be done.
    mutating func postpone(_ bmc: String, at now: Duration) {
        schedule(bmc, at: now)
    }

    /// The BMCs whose time has come; they count as looked at.
    mutating func take(at now: Duration) -> Set<String> {
        last = last.filter { $0.value + Self.pause > now }
        let taken = Set(due.filter { $0.value <= now }.keys)
        for bmc in taken {
            due[bmc] = nil
            last[bmc] = now
        }
        return taken
    }

    /// Drops everything.
    mutating func removeAll() {
        self = EarlyLooks()
    }

    private mutating func schedule(_ bmc: String, at now: Duration) {
        guard due[bmc] == nil else { return }
        due[bmc] = max(now + Self.gathering, last[bmc].map { $0 + Self.pause } ?? .zero)
    }
}
