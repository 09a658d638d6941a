/// Remembers to which commands a BMC said nothing while it answered to others, so that their silence
/// is not waited for at each look. It is asked again after a while, for answers get lost, and firmware
/// is updated: after a minute, and then five times as long each time, up to an hour.
struct UnknownCommands: Sendable {
    private struct Entry: Sendable {
        var count: Int
        var end: Duration
    }

    // More are not worth the memory: there is a BMC that is silent to very much.
    private static let limit = 256

    private var entries: [CommandMessage.Option: Entry] = [:]

    func contains(_ message: CommandMessage, at now: Duration) -> Bool {
        guard !entries.isEmpty, let option = message.option else { return false }
        return entries[option].map { now < $0.end } ?? false
    }

    /// The BMC said nothing to it, and answered to another.
    mutating func insert(_ message: CommandMessage, at now: Duration) {
        guard let option = message.option else { return }
        if entries.count >= Self.limit { entries = [:] }
        let count = (entries[option]?.count ?? 0) + 1
        let pause = (1..<min(count, 4)).reduce(Duration.seconds(60)) { pause, _ in pause * 5 }
        entries[option] = Entry(count: count, end: now + min(pause, .seconds(3600)))
    }

    /// The BMC answered to it.
    mutating func remove(_ message: CommandMessage) {
        guard !entries.isEmpty, let option = message.option else { return }
        entries[option] = nil
    }

    mutating func removeAll() {
        if !entries.isEmpty { entries = [:] }
    }
}
