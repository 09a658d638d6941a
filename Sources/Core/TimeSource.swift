public import Foundation

/// Where time comes from, so that a test can move it.
public protocol TimeSource: Sendable {
    /// The time since a fixed start; it never goes back.
    var uptime: Duration { get }
    /// The date and time of day.
    var date: Date { get }
    /// Returns after `duration`, at once if it is not positive.
    /// - Throws: `CancellationError` if the task is cancelled meanwhile.
    func sleep(for duration: Duration) async throws
}

/// The machine's own clocks.
public struct SystemTime: TimeSource {
    private static let start = ContinuousClock.now

    public init() {}

    public var uptime: Duration { ContinuousClock.now - Self.start }
    public var date: Date { Date() }

    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration, clock: .continuous)
    }
}

/// A calendar that goes on evenly: the date as this began, and the time that has passed since.
/// Whoever sets the clock does not move it.
struct SteadyDate: Sendable {
    private let start: Date
    private let time: any TimeSource

    init(_ time: any TimeSource) {
        self.time = time
        start = time.date - time.uptime / .seconds(1)
    }

    var now: Date { start + time.uptime / .seconds(1) }
}
