/// A power command that a BMC took a moment ago. Some still show the state before it for some
/// seconds; that state is not to be believed: a server that was just told to start, is shown as off
/// and is taken for off, would run unaccounted for.
///
/// The memory is the running daemon's; after a restart what the BMC shows is all there is.
package struct SettlingPower: Hashable, Sendable {
    /// The state that the command leads to.
    package let wanted: PowerState
    /// From when on anything is believed, as an uptime.
    package let end: Duration

    /// How long a BMC may show the former state.
    package static let limit: Duration = .seconds(10)

    /// Nil for a command after which the former state may well last, for an operating system takes
    /// its time to shut down, or is the one that the command leads to.
    package init?(after command: PowerCommand, at now: Duration) {
        switch command {
        case .on: wanted = .on
        case .forceOff: wanted = .off
        case .gracefulOff, .cycle, .reset: return nil
        }
        end = now + Self.limit
    }

    /// What to make of a state that is not the wanted one.
    package func state(shown: PowerState) -> PowerState {
        switch (wanted, shown) {
        case (.on, .off): .poweringOn
        case (.off, .on): .poweringOff
        default: shown
        }
    }
}
