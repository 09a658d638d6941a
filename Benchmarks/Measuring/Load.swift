import Locking

/// Many callers that do the same thing over and over.
enum Load {
    struct Outcome {
        let count: Int
        let elapsed: Duration
        let latencies: Samples

        /// How many a second.
        var rate: Double { Double(count) / elapsed.inSeconds }
    }

    /// Does `body` `count` times, `callers` of them at any time.
    /// - Parameter body: gets the number of the call, from 0.
    static func run(
        count: Int, callers: Int, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Outcome {
        let calls = Counter()
        let start = ContinuousClock.now
        let latencies = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for _ in 0..<callers {
                group.addTask {
                    var own: [Duration] = []
                    while true {
                        let number = calls.next()
                        guard number < count else { return own }
                        let begin = ContinuousClock.now
                        try await body(number)
                        own.append(.now - begin)
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return Outcome(count: count, elapsed: .now - start, latencies: Samples(latencies))
    }
}

/// Counts from 0.
private final class Counter: Sendable {
    private let value = Atomic(0)

    func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
}
