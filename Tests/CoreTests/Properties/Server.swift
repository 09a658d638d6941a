import Core

/// A physical server of the model.
struct Server: Sendable {
    /// Whose doing it is that the server runs.
    enum Runner: Sendable, Hashable {
        case instance(String)
        /// A foreigner's, or an operator's, since then.
        case foreign(since: Duration)
    }

    let number: Int
    let identity: SystemIdentity
    /// Nil: it is off, whatever its BMC says.
    var runner: Runner?
    var health = Health.ok
    /// Whether its operating system follows a request to shut down.
    var listens = true
    var refusesOn = false

    var isOn: Bool { runner != nil }

    init(_ number: Int) {
        self.number = number
        identity =
            switch number {
            case World.anonymous: SystemIdentity(uuid: "ffffffff-ffff-ffff-ffff-ffffffffffff")
            case World.anonymous + 1: SystemIdentity(serialNumber: "SERIAL\(number)X")
            default:
                SystemIdentity(
                    uuid: "4c4c4544-0000-4000-8000-00000000aa0\(number)",
                    serialNumber: "SERIAL\(number)X")
            }
    }
}

/// A management controller of the model, which stands at an address and goes with its server, but in
/// a tray, where it serves several.
struct ServerBMC: Sendable {
    /// What stands in its places; nil where a server was taken out.
    var places: [String?: Int?]
    var password = 0
    /// It neither answers nor acts from then until then.
    var silentFrom: Duration = .zero
    var silentUntil: Duration = .zero
    /// The network to it is cut until then; it goes on acting.
    var cutUntil: Duration = .zero
    /// It shows Off until then, whatever is so.
    var lyingUntil: Duration = .zero

    func isReached(at now: Duration) -> Bool { now >= silentUntil && now >= cutUntil }
}

/// A power command on its way from a BMC to its server.
struct Underway: Sendable {
    let number: Int
    let server: Int
    let command: PowerCommand
    var origin: Server.Runner
    /// Whether a guest does it itself, which was seen running a moment before.
    var isRacing = false
    var isGuests = false
    /// Whether its BMC hung when it was to act.
    var isHungUp = false
    var leadsToOn: Bool { command == .on || command == .cycle }
}

/// How mean a world is, in percent of chances.
struct Meanness: Sendable {
    var lateCommands = 0
    var lostAnswers = 0
    var refusals = 0
    var slowLooks = 0
    var failedLooks = 0
    var slowCommits = 0
    var failedCommits = 0
    var clockJumps = false
}
