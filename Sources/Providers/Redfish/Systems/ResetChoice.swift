internal import Core

/// The reset types that carry out a command, one after the other.
struct ResetChoice {
    let command: PowerCommand
    /// Nil if the BMC does not say.
    let allowed: [String]?
    private var used: Set<String> = []

    init(command: PowerCommand, allowed: [String]?) {
        self.command = command
        self.allowed = allowed
    }

    /// Whether nothing but a press of the power button is offered.
    var hasOnlyButton: Bool {
        match(PowerCommand.button) != nil && command.resetTypes.allSatisfy { match($0) == nil }
            && command.buttonState != nil
    }

    /// The best that was not taken yet, as the BMC writes it.
    mutating func next(in state: PowerState) -> String? {
        for candidate in command.candidates(in: state) where !used.contains(candidate) {
            // What is outside the standard is sent only where it is offered.
            if allowed == nil, PowerCommand.gracefulQuirks.contains(candidate) { continue }
            guard let match = match(candidate) else { continue }
            used.insert(candidate)
            return match
        }
        return nil
    }

    private func match(_ type: String) -> String? {
        guard let allowed else { return type }
        return allowed.first { $0.lowercased() == type.lowercased() }
    }
}
