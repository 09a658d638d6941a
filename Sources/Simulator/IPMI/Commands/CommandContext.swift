internal import IPMIWire

/// How and when a command came.
struct CommandContext: Sendable {
    let path: ManagedEnd.Arrival.Path
    /// What it may do; nil outside of sessions.
    let privilege: PrivilegeLevel?
    let now: IPMIMoment

    /// The session that it came in; nil outside of sessions.
    var session: UInt32? {
        if case .session(let id) = path { id } else { nil }
    }
}
