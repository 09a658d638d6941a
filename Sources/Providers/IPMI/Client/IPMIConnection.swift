internal import IPMIWire

/// Carries commands to one BMC, one at a time.
protocol IPMIConnection: Sendable {
    /// Tells the present session from those before it; nil while none is open. Costs no packet.
    var session: UInt32? { get async }

    /// Sends a command inside a session, which is opened first where none is, and waits for the
    /// response. Silence, a busy BMC and a lost session have been dealt with when this throws.
    func perform<Command: IPMICommand>(
        _ command: Command
    ) async throws(IPMIFailure) -> Command.Response
}
