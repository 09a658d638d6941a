import Foundation
import Testing

@testable import Core

@Suite("What a BMC says, and how much of it is kept")
struct ReasonsTests {
    @Test("the worst reasons, and how many there are besides")
    func number() {
        let many = (0..<50_000).map { "fan \($0): Critical" }
        var observation = Observation(power: .on, health: .critical, reasons: many, date: Date())
        #expect(observation.reasons.count == 32)
        #expect(observation.reasons.first == many.first)
        #expect(observation.reasons.last == "49969 more")
        observation.reasons = many.map { $0 + ", again" }
        #expect(observation.reasons.count == 32)
        observation.reasons = Array(many.prefix(32))
        #expect(observation.reasons == Array(many.prefix(32)))
    }

    @Test(
        "the beginning of each, whatever it consists of",
        arguments: [
            String(repeating: "x", count: 1 << 20),
            String(repeating: "\u{1F468}\u{200D}", count: 9999),
            "a" + String(repeating: "\u{0301}", count: 99_999),
        ])
    func length(_ reason: String) {
        let observation = Observation(
            power: .on, health: .critical, reasons: [reason, "short"], date: Date())
        let kept = observation.reasons[0]
        #expect((300...400).contains(kept.utf8.count))
        #expect(reason.unicodeScalars.starts(with: kept.unicodeScalars.dropLast()))
        #expect(observation.reasons[1] == "short")
    }

    @Test("of what a deep look found the same")
    func findings() {
        let findings = (0..<1000).map {
            HealthReport.Finding(
                .critical, "drive \($0)", cause: String(repeating: "x", count: 9999))
        }
        let report = HealthReport(findings: findings, date: Date())
        #expect(report.reasons.count == 32)
        #expect(report.reasons.map(\.utf8.count).reduce(0, +) <= 32 * 400)
        #expect(report.findings.count == 1000)
    }

    @Test("a serial number that no person could compare identifies nothing")
    func identity() {
        let long = String(repeating: "S7", count: 101)
        #expect(SystemIdentity(serialNumber: long).serialNumber == nil)
        #expect(SystemIdentity(serialNumber: String(long.dropLast(2))).serialNumber != nil)
    }

    @Test("a device's history has a number of events and of bytes")
    func history() {
        let history = MemoryHistory(limit: 50)
        let cause = String(repeating: "y", count: 1 << 20)
        for index in 0..<100 {
            history.append(
                HistoryEvent(
                    date: Date(timeIntervalSince1970: Double(index)), device: "d1", instance: nil,
                    kind: .failed, cause: cause))
        }
        let events = history.events(of: "d1")
        #expect((1..<20).contains(events.count))
        #expect(events.last?.date == Date(timeIntervalSince1970: 99))
        #expect(events.map(\.cause.utf8.count).reduce(0, +) <= MemoryHistory.maximumBytes)
        for index in 0..<100 {
            history.append(
                HistoryEvent(
                    date: Date(timeIntervalSince1970: Double(index)), device: "d2", instance: "i",
                    kind: .failed, cause: "fan 2 lost"))
        }
        #expect(history.events(of: "d2").count == 50)
    }
}
