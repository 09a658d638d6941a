public import Foundation

extension Date {
    /// The date as state files, logs and answers write it: `2026-01-31T12:00:00Z`.
    public var timestamp: String {
        formatted(Date.ISO8601FormatStyle())
    }

    /// Reads what ``timestamp`` writes (RFC 3339).
    public init?(timestamp: String) {
        guard let date = try? Date(timestamp, strategy: Date.ISO8601FormatStyle()) else {
            return nil
        }
        self = date
    }
}
