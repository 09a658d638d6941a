import Core

/// One system of a recording, and how it did.
struct ReplayedSystem: Sendable {
    /// What its recording calls it.
    let id: String
    var facts: Facts?
    var observation: Observation?
    /// What the deep look found and what it had to leave out.
    var report: HealthReport?
    var outcomes: [ReplayStep: ReplayOutcome] = [:]

    init(id: String) {
        self.id = id
    }
}

/// One folder, and how its systems did.
struct ReplayedFolder: Sendable {
    let name: String
    var systems: [ReplayedSystem] = []
    /// Why there are no systems, or not all: the folder can't be served, or took too long.
    var failure: String?

    init(name: String) {
        self.name = name
    }

    var hasFailed: Bool {
        failure != nil || systems.contains { $0.outcomes.values.contains(where: \.isFailure) }
    }
}
