internal import Core

/// What is a simulated system's own, and moves.
struct SystemState: Sendable {
    private(set) var power: PowerMachine
    private(set) var boot: BootSettings?
    private(set) var health: SimulatedHealth?
    private(set) var healthReason: String?
    /// Counts the changes of what is served, for the ETag.
    private(set) var revision = 1
    /// What each boot came from, the last last.
    private(set) var bootsFrom: [String] = []
    /// The resets that were carried out, the last last.
    private(set) var resets: [String] = []
    /// Boot sources in which there is nothing to boot from.
    var emptySources: Set<String> = []
    /// Whether a job of the BMC's own boots first.
    var bootsForJob = false
    var powerDelay: Duration
    /// Nil for an operating system that does not react.
    var shutdownDelay: Duration?

    /// What is made of power commands; nil if they are carried out.
    var powerFault: PowerFault?
    /// What the BMC shows in place of the power state.
    var shownPower: PowerState?
    /// Commands that were answered and are carried out later, by their numbers.
    private var lateCommands: [Int: ResetType] = [:]
    private var lateTimers: [(number: Int, delay: Duration)] = []
    private var lateCount = 0

    /// The generation of the power state whose timer was handed out.
    private var timedGeneration = 0
    /// Power states that were reached since they were last taken.
    private var passed: [PowerState] = []

    /// How many boots and resets are remembered.
    static let historyLimit = 64

    init(
        _ recorded: FixtureSystem, power: PowerState?, powerDelay: Duration,
        shutdownDelay: Duration?
    ) {
        self.power = PowerMachine(power ?? recorded.power)
        boot = recorded.boot.map { BootSettings($0) }
        self.powerDelay = powerDelay
        self.shutdownDelay = shutdownDelay
    }

    mutating func receive(_ reset: ResetType) -> PowerMachine.Outcome {
        let outcome = changingPower { $0.receive(reset) }
        if outcome == .accepted { Self.remember(reset.rawValue, in: &resets) }
        return outcome
    }

    /// The status of the answer to a command that the fault is about, which is carried out later or
    /// never; nil if it is to be carried out now.
    mutating func misuse(_ reset: ResetType) -> Int? {
        guard let fault = powerFault, fault.resets.contains(reset.rawValue), fault.count != 0
        else { return nil }
        powerFault?.count = fault.count.map { $0 - 1 }
        if let delay = fault.delay {
            lateCount += 1
            lateCommands[lateCount] = reset
            lateTimers.append((lateCount, delay))
        }
        return fault.status
    }

    /// A late command's time has come.
    mutating func carryOutLate(_ number: Int) {
        if let reset = lateCommands.removeValue(forKey: number) { _ = receive(reset) }
    }

    /// The timers of late commands that were not handed out yet.
    mutating func takeLateTimers() -> [(number: Int, delay: Duration)] {
        defer { lateTimers = [] }
        return lateTimers
    }

    /// Another server stands here: it is off, and nothing of what the old one was told concerns it.
    mutating func exchange() {
        lateCommands = [:]
        lateTimers = []
        powerFault = nil
        shownPower = nil
        health = nil
        healthReason = nil
        bootsFrom = []
        resets = []
        forcePower(.off)
        revision += 1
    }

    mutating func forcePower(_ state: PowerState) {
        changingPower { $0.force(state) }
    }

    mutating func setHealth(_ health: SimulatedHealth, reason: String?) {
        self.health = health
        healthReason = reason
        revision += 1
    }

    mutating func setBoot(_ boot: BootSettings) {
        self.boot = boot
        revision += 1
    }

    /// Adds a boot source to those that the recording lists.
    mutating func offerBoot(from source: String) {
        boot?.offer(source)
    }

    mutating func noteChange() {
        revision += 1
    }

    /// A timer that ``takeTimer()`` handed out has fired; one of an earlier phase does nothing.
    mutating func elapse(generation: Int) {
        guard generation == power.generation else { return }
        if changingPower({ $0.elapse() }) { noteBoot() }
    }

    /// The timer that the present phase needs and that was not handed out yet. Delays of no length
    /// are over before this returns.
    mutating func takeTimer() -> (generation: Int, delay: Duration)? {
        while let delay = presentDelay, timedGeneration != power.generation {
            let generation = power.generation
            timedGeneration = generation
            if delay > .zero { return (generation, delay) }
            elapse(generation: generation)
        }
        return nil
    }

    mutating func takePassed() -> [PowerState] {
        defer { passed = [] }
        return passed
    }

    /// `Status` as it is served: as recorded, with the health that was set.
    func status(recorded: FixtureSystem) -> JSONObject {
        var status = recorded.status
        // OpenBMC reports a system that is off as disabled.
        if recorded.power == .off, status["State"]?.string == "Disabled", power.reported != .off {
            status["State"] = "Enabled"
        }
        guard let health else { return status }
        status["Health"] = .string(health.rawValue)
        for key in status.keys where key.lowercased() == "healthrollup" {
            status[key] = .string(health.rawValue)
        }
        if let healthReason {
            // Status.Conditions (Resource 1.11): why the health is what it is.
            status["Conditions"] = [
                [
                    "MessageId": .string(
                        "ResourceEvent.1.3.ResourceStatusChanged\(health.rawValue)"),
                    "Message": .string(healthReason),
                    "Severity": .string(health.rawValue),
                ]
            ]
        }
        return status
    }

    private var presentDelay: Duration? {
        switch power.delay {
        case .power: powerDelay
        case .shutdown: shutdownDelay
        case nil: nil
        }
    }

    private mutating func noteBoot() {
        let source = boot?.boot() ?? "None"
        if bootsForJob {
            // The job's boot was the one that the override was for.
            bootsForJob = false
            return noteBoot()
        }
        Self.remember(emptySources.contains(source) ? "None" : source, in: &bootsFrom)
        revision += 1
    }

    @discardableResult
    private mutating func changingPower<Result>(
        _ change: (inout PowerMachine) -> Result
    ) -> Result {
        let before = power.reported
        let result = change(&power)
        if power.reported != before {
            passed.append(power.reported)
            revision += 1
        }
        return result
    }

    private static func remember(_ entry: String, in history: inout [String]) {
        if history.count == historyLimit { history.removeFirst() }
        history.append(entry)
    }
}
