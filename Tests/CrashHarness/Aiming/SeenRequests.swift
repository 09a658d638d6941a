import Locking

/// The kinds of requests to BMCs that came: one that nobody listed is never aimed at.
final class SeenRequests: Sendable {
    private let kinds = Mutex<[RequestKind: Int]>([:])

    func note(_ kind: RequestKind) {
        kinds.withLock { $0[kind, default: 0] += 1 }
    }

    /// How many came of each kind.
    var counts: [RequestKind: Int] { kinds.withLock { $0 } }
}
