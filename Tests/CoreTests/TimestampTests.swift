import Foundation
import Randomness
import Testing

@testable import Core

@Suite struct TimestampTests {
    @Test("a date is read back as it was written, in any year")
    func roundTrip() {
        var random = SeededNumbers(seed: 1)
        for _ in 0..<2000 {
            let seconds = Int.random(in: -2_000_000_000..<20_000_000_000, using: &random)
            let date = Date(timeIntervalSince1970: TimeInterval(seconds))
            #expect(Date(timestamp: date.timestamp) == date, "\(date.timestamp)")
        }
        #expect(Date(timestamp: "2024-02-29T23:59:59Z")?.timeIntervalSince1970 == 1_709_251_199)
        #expect(Date(timestamp: "1970-01-01T00:00:00Z")?.timeIntervalSince1970 == 0)
        #expect(Date(timestamp: "2026-01-31T12:00:00+01:00") != nil)
        for text in [
            "", "2026-01-31", "2026-01-31T12:00:00", "yesterday, at about x",
            "2026-01-31 12:00:00Z",
        ] {
            #expect(Date(timestamp: text) == nil || text.hasSuffix("Z"), "\(text)")
        }
    }
}
