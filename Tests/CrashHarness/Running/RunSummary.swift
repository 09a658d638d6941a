import Core

/// What a run of one seed came to.
struct RunSummary: Sendable {
    let seed: UInt64
    /// How many times the daemon was started.
    var lives = 0
    /// How many times it was killed at some time.
    private(set) var timedKills = 0
    /// How many times at each named step.
    private(set) var steps: [NamedStep: Int] = [:]
    /// How many times it was told to stop and did.
    private(set) var stops = 0
    private(set) var calls = LoadClient.Counts()
    /// How many power commands BMCs carried out late or never.
    var mistreated = 0
    /// How many servers were lost, and another put in their place.
    var replaced = 0
    /// How many times a second daemon was started beside one.
    var seconds = 0
    /// The kinds of requests that BMCs got.
    var requests: [RequestKind: Int] = [:]
    /// What was promised and not kept.
    var violations: [String] = []
    /// Where the state and the daemon's logs were kept, if something was not kept.
    var home = ""

    init(seed: UInt64) {
        self.seed = seed
    }

    var killCount: Int { steps.values.reduce(timedKills, +) }

    /// How many times it was killed at a kind of named steps.
    func killCount(at kind: NamedStep.Kind) -> Int {
        steps.reduce(0) { $0 + ($1.key.kind == kind ? $1.value : 0) }
    }

    mutating func count(_ ending: CrashRun.Ending) {
        switch ending {
        case .at(let step): steps[step, default: 0] += 1
        case .byClock: timedKills += 1
        case .byStop: stops += 1
        }
    }

    mutating func add(_ counts: LoadClient.Counts) {
        calls.provisioned += counts.provisioned
        calls.destroyed += counts.destroyed
        calls.labelled += counts.labelled
        calls.operated += counts.operated
        calls.refused += counts.refused
        calls.unanswered += counts.unanswered
    }
}
