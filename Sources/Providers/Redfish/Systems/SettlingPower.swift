internal import Core

/// A power command that a BMC took a moment ago. Some still show the state before it for some
/// seconds; that state is not to be believed: a server that was just told to start, is shown as off
/// and is taken for off, would run unaccounted for.
///
/// The memory is the running daemon's; after a restart what the BMC shows is all there is.
struct SettlingPower: Hashable, Sendable {
    /// The state that the command leads to.
    let wanted: PowerState
    /// From when on anything is believed, as an uptime.
    let end: Duration

    /// How long a BMC may show the former state.
    private static let limit: Duration = .seconds(10)

    /// Nil for a command after which the former state may well last: an operating system takes its
    /// time to shut down.
    init?(after command: PowerCommand, at now: Duration) {
        switch command {
        case .on: wanted = .on
        case .forceOff: wanted = .off
        case .gracefulOff: return nil
        }
        end = now + Self.limit
    }

    /// What to make of a state that is not the wanted one.
    func state(shown: PowerState) -> PowerState {
        switch (wanted, shown) {
        case (.on, .off): .poweringOn
        case (.off, .on): .poweringOff
        default: shown
        }
    }
}
