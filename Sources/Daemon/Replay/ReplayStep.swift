/// What a replay tries on every system.
enum ReplayStep: String, Sendable, CaseIterable {
    case inspect
    case poll
    case deep
    case on
    case off
    case graceful
    case cycle
    case boot
    case media
}

/// What came of a step.
enum ReplayOutcome: Sendable, Hashable {
    case passed
    /// The recording shows no such thing, and why that is known.
    case notOffered(String)
    case failed(String)

    var isFailure: Bool {
        if case .failed = self { true } else { false }
    }
}
