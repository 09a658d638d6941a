import Core

/// What the daemon is told that BMCs are capable of, in the proportions of the defaults, and what those
/// of the rack do: what is late is as late as it may be, less what a busy machine adds.
enum BMCTimes {
    static let powerChange: Duration = .milliseconds(1000)
    static let latestOn: Duration = powerChange * 2
    static let unexplainedOff: Duration = .milliseconds(500)
    static let guestRestart: Duration = .milliseconds(100)
    static let resend: Duration = .milliseconds(220)

    /// How late a command acts at the most.
    static let latestAct: Duration = .milliseconds(1600)
    /// How long a BMC that has restarted shows a power state that isn't its host's at the most.
    static let longestLie: Duration = .milliseconds(300)
    /// How long a BMC hangs with what came meanwhile in its queue at the most.
    static let longestStall: Duration = .milliseconds(800)

    /// The daemon's options.
    static var options: [String] {
        [
            ("--power-change", powerChange), ("--latest-on", latestOn),
            ("--unexplained-off", unexplainedOff), ("--guest-restart", guestRestart),
            ("--resend", resend),
        ].flatMap { [$0.0, $0.1.text] }
    }
}
