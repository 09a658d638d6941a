import UnixSignals

/// The wish of a person or a service manager that the process ends.
enum Interruption {
    /// Returns at the first SIGINT or SIGTERM.
    static func wait() async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
    }
}
