internal import Locking

/// Counts what came over all event streams.
final class EventTally: Sendable {
    struct Counts: Sendable, Hashable {
        /// Streams that were opened.
        var streams = 0
        var events = 0
        /// Events that gave reason for a look.
        var alerts = 0
        /// Events that were no JSON object, and were ignored.
        var malformed = 0
        /// Events that exceeded ``ServerSentEventParser/Limits``, and were ignored.
        var oversized = 0
    }

    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }

    func add(_ change: (inout Counts) -> Void) {
        state.withLock { change(&$0) }
    }
}
