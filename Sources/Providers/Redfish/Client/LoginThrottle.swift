internal import Core

/// Spreads logins over time: after a restart every BMC needs one, and behind many BMCs stands one
/// directory server that has to check them all.
///
/// So many go on at one time and no more, and one that starts beside others waits a random while
/// first, the longer the more there are. A login on its own starts at once.
final class LoginThrottle: Sendable {
    private let places: FairSemaphore
    private let time: any TimeSource

    /// - Parameter limit: how many logins go on at one time.
    init(limit: Int = 128, time: any TimeSource) {
        places = FairSemaphore(capacity: limit)
        self.time = time
    }

    func pass<Value: Sendable>(
        _ login: () async throws(RedfishFailure) -> Value
    ) async throws(RedfishFailure) -> Value {
        try await places.pass { () async throws(RedfishFailure) in
            let others = places.insideCount - 1
            if others > 0 {
                try? await time.sleep(for: .milliseconds(Int.random(in: 0...(4 * others))))
            }
            return try await login()
        }
    }
}
