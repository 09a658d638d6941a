internal import IPMIWire

/// Why the simulated BMC does not carry out a command.
struct CommandRefusal: Error, Hashable, Sendable {
    let code: CompletionCode

    init(_ code: CompletionCode) {
        self.code = code
    }

    /// What was asked for is not in the data that came.
    init(_ error: IPMIWireError) {
        code =
            switch error {
            case .truncated: .invalidLength
            case .invalid, .notAuthentic: .invalidField
            }
    }
}
