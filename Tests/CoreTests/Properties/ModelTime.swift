import Core
import Foundation
import Locking

@testable import TestSupport

/// A clock for a model that answers at once: short pauses pass as soon as they are made, and only
/// time-outs wait for the clock to be moved.
final class ModelTime: TimeSource {
    /// Whatever is shorter than this is a pause.
    private static let shortestTimeout: Duration = .seconds(10)
    private let clock = ManualTime()
    private let isHurrying = Mutex(false)

    var uptime: Duration { clock.uptime }
    var date: Date { clock.date }

    func sleep(for duration: Duration) async throws {
        guard duration > .zero else { return }
        if duration < Self.shortestTimeout || isHurrying.withLock({ $0 }) {
            try Task.checkCancellation()
            clock.advance(by: duration)
            await Task.yield()
            return
        }
        try await clock.sleep(for: duration) {
            // Whether there is a hurry may have changed meanwhile.
            if isHurrying.withLock({ $0 }) { clock.advance(by: duration) }
        }
    }

    /// Moves the clock and wakes whoever's time has come.
    func advance(by duration: Duration) {
        clock.advance(by: duration)
    }

    /// Lets time-outs pass at once too, until the body is done.
    func hurry(until body: () async -> Void) async {
        isHurrying.withLock { $0 = true }
        advance(by: .seconds(60))
        await body()
        isHurrying.withLock { $0 = false }
    }
}
