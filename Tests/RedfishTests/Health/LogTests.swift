import Core
import Foundation
import TestServer
import Testing

@testable import Redfish

@Suite("A log", .timeLimit(.minutes(5)))
struct LogTests {
    private let provider = Rack.provider()
    private static let entries = "/logs/SEL/Entries"

    private func resources(
        clock: Date? = Date(), root: JSONObject = [:], entries: JSON
    ) -> [String: JSON] {
        var resources = SickMachine.resources(
            system: ["LogServices": SickMachine.link("/logs")],
            manager: ["DateTime": JSON(clock?.timestamp)],
            [
                "/logs": SickMachine.collection(["/logs/SEL", "/logs/AuditLog"]),
                "/logs/SEL": ["Id": "SEL", "Entries": SickMachine.link(Self.entries)],
                "/logs/AuditLog": ["Id": "AuditLog", "Entries": SickMachine.link("/audit")],
                Self.entries: entries,
            ])
        resources["/redfish/v1"] = resources["/redfish/v1"]?.setting(root)
        return resources
    }

    private static func entry(
        _ message: String, _ created: Date?, _ members: JSONObject = [:]
    ) -> JSON {
        let plain: JSON = [
            "@odata.id": .string("\(entries)/\(message)"), "Id": .string(message),
            "Severity": "Critical", "Message": .string(message),
            "Created": JSON(created?.timestamp),
        ]
        return plain.setting(members)
    }

    private func found(_ resources: [String: JSON]) async throws -> ([String], HealthReport) {
        let service = try FakeService(resources)
        defer { service.server.stop() }
        let report = try await provider.examine(service.device())
        return (report.findings.compactMap(\.cause), report)
    }

    private static func ago(_ hours: Double, of date: Date = Date()) -> Date {
        date.addingTimeInterval(-hours * 3600)
    }

    @Test("tells what was critical in the last day, the newest first, and it counts as a warning")
    func recent() async throws {
        let (causes, report) = try await found(
            resources(entries: [
                "Members": [
                    Self.entry("old", Self.ago(30)), Self.entry("first", Self.ago(3)),
                    Self.entry("second", Self.ago(2)),
                    Self.entry("mild", Self.ago(1), ["Severity": "Warning"]),
                    Self.entry("over", Self.ago(1), ["Resolved": true]),
                    Self.entry("repaired", Self.ago(1), ["Oem": ["Hpe": ["Repaired": true]]]),
                    Self.entry("asserted", Self.ago(2), ["SensorNumber": 7]),
                    Self.entry(
                        "ended", Self.ago(1), ["SensorNumber": 7, "EntryCode": "Deassert"]),
                    Self.entry("first", Self.ago(4)),
                ]
            ]))
        #expect(causes == ["second", "first (2 times)"])
        #expect(report.health == .warning)
        #expect(report.findings.allSatisfy { $0.isEvent && $0.part.hasPrefix("SEL 20") })
        #expect(report.skipped.isEmpty)
    }

    private static let subjects: [(String, JSONObject, JSONObject)] = [
        ("number", ["SensorNumber": 7], ["SensorNumber": 8]),
        (
            "link", ["Links": ["OriginOfCondition": link("/redfish/v1/Chassis/1/Sensors/a")]],
            ["Links": ["OriginOfCondition": link("/redfish/v1/Chassis/1/Sensors/b")]]
        ),
        (
            "name",
            ["MessageId": "SensorEvent.1.0.SensorReadingNormalRange", "MessageArgs": ["a"]],
            ["MessageId": "SensorEvent.1.0.ReadingCritical", "MessageArgs": ["b"]]
        ),
    ]

    private static func link(_ path: String) -> JSON { SickMachine.link(path) }

    @Test("has what a sensor said ended by a later ok of the same sensor", arguments: 0..<3)
    func ended(index: Int) async throws {
        let (_, one, other) = Self.subjects[index]
        let ok: JSONObject = ["Severity": "OK"]
        let (causes, _) = try await found(
            resources(entries: [
                "Members": [
                    Self.entry("before", Self.ago(3), one), Self.entry("other", Self.ago(3), other),
                    Self.entry("well", Self.ago(2), one.setting(ok)),
                    Self.entry("again", Self.ago(1), one),
                ]
            ]))
        #expect(causes == ["again", "other"])
    }

    @Test("has entries of one second ordered by their numbers")
    func sameSecond() async throws {
        let date = Self.ago(1)
        let subject: JSONObject = ["SensorNumber": 7, "Id": "10"]
        let (causes, _) = try await found(
            resources(entries: [
                "Members": [
                    Self.entry("critical", date, ["SensorNumber": 7, "Id": "9"]),
                    Self.entry("well", date, subject.setting(["Severity": "OK"])),
                ]
            ]))
        #expect(causes == [])
    }

    @Test("ends nothing by an ok of the whole system")
    func wholeSystem() async throws {
        let system: JSONObject = ["Links": ["OriginOfCondition": Self.link(Rack.system)]]
        let (causes, _) = try await found(
            resources(entries: [
                "Members": [
                    Self.entry("memory", Self.ago(2), system),
                    Self.entry("booted", Self.ago(1), system.setting(["Severity": "OK"])),
                ]
            ]))
        #expect(causes == ["memory"])
    }

    private static let unset = Date(timeIntervalSince1970: 7200)

    @Test("is read by the BMC's clock, also by one that begins at 1970")
    func clock() async throws {
        let entries: JSON = [
            "Members": [
                Self.entry("since the start", Self.ago(1, of: Self.unset)),
                Self.entry("before it", Self.ago(3)), Self.entry("long before", Self.ago(100)),
                Self.entry("undated", nil),
            ]
        ]
        let (causes, report) = try await found(resources(clock: Self.unset, entries: entries))
        #expect(Set(causes) == ["since the start", "before it"])
        let notes = report.skipped.map(\.why)
        #expect(notes.contains("not certain: the BMC's clock says 1970-01-01T02:00:00Z"))
        #expect(notes.contains("1 critical entries without a date"))
        // Without a clock, ours counts.
        #expect(try await found(resources(clock: nil, entries: entries)).0 == ["before it"])
    }

    /// 500 entries, of which just the newest is recent.
    private func long(_ order: @Sendable (Int) -> Int) -> [JSON] {
        (0..<500).map(order).map { Self.entry("\($0)", Self.ago(Double(499 - $0) * 30)) }
    }

    @Test("that is long is read at its end, by the service's own way of paging")
    func oldestFirst() async throws {
        let all = long { $0 }
        var resources = resources(entries: [
            "Members": .array(Array(all[..<100])), "Members@odata.count": 500,
            "Members@odata.nextLink": .string("\(Self.entries)?$skip=100"),
        ])
        resources["\(Self.entries)?$skip=450"] = ["Members": .array(Array(all[450...]))]
        let (causes, report) = try await found(resources)
        #expect(causes == ["499"])
        #expect(report.skipped.isEmpty)
    }

    @Test("in pages has them followed, however their link is called")
    func pages() async throws {
        let all = long { $0 }.suffix(4)
        var resources = resources(entries: [
            "Members": .array(Array(all.prefix(2))), "@odata.nextLink": "/more",
        ])
        resources["/more"] = ["Members": .array(Array(all.suffix(2)))]
        let (causes, report) = try await found(resources)
        #expect(causes == ["499"])
        #expect(report.unread == [])
    }

    @Test("of which fewer entries came than it has is read further on, or said to be unread")
    func missingEntries() async throws {
        let all = long { $0 }
        var resources = resources(entries: [
            "Members": .array(Array(all[..<100])), "Members@odata.count": 500,
        ])
        let (nothing, report) = try await found(resources)
        #expect(nothing == [])
        #expect(report.unread.map(\.why) == ["of its 500 entries just 100 were read"])
        #expect(report.health == .warning)
        resources["\(Self.entries)?$skip=450"] = ["Members": .array(Array(all[450...]))]
        let (causes, complete) = try await found(resources)
        #expect(causes == ["499"])
        #expect(complete.unread == [])
    }

    @Test("with $top alone, without a link to the rest, is read at its end too")
    func topWithoutLink() async throws {
        let all = long { $0 }
        var resources = resources(
            root: ["ProtocolFeaturesSupported": ["TopSkipQuery": true]],
            entries: ["Members": .array(all)])
        resources["\(Self.entries)?$top=50"] = [
            "Members": .array(Array(all[..<50])), "Members@odata.count": 500,
        ]
        resources["\(Self.entries)?$skip=450&$top=50"] = ["Members": .array(Array(all[450...]))]
        #expect(try await found(resources).0 == ["499"])
    }

    @Test("that is long and begins with the newest is read at its beginning")
    func newestFirst() async throws {
        let all = long { 499 - $0 }
        let (causes, _) = try await found(
            resources(entries: [
                "Members": .array(Array(all[..<100])), "Members@odata.count": 500,
                "Members@odata.nextLink": .string("\(Self.entries)?page=2"),
            ]))
        #expect(causes == ["499"])
    }

    @Test("is asked for with $top only where the service says that it takes it")
    func top() async throws {
        let all = long { $0 }
        var resources = resources(
            root: ["ProtocolFeaturesSupported": ["TopSkipQuery": true]],
            entries: ["Members": .array(all)])
        resources["\(Self.entries)?$top=50"] = [
            "Members": .array(Array(all[..<50])), "Members@odata.count": 500,
            "Members@odata.nextLink": .string("\(Self.entries)?$skip=50"),
        ]
        resources["\(Self.entries)?$skip=450&$top=50"] = ["Members": .array(Array(all[450...]))]
        #expect(try await found(resources).0 == ["499"])
    }

    @Test("of links alone is read entry by entry, the newest twenty")
    func links() async throws {
        let all = (0..<200).map { Self.entry("\($0)", Self.ago(Double(199 - $0) * 30)) }
        let paths = all.compactMap { $0["@odata.id"]?.string }
        var resources = resources(entries: SickMachine.collection(paths))
        for (path, entry) in zip(paths, all) { resources[path] = entry }
        let (causes, report) = try await found(resources)
        #expect(causes == ["199"])
        #expect(report.requests < 40)
    }

    private static let dates: [(String, String?)] = [
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("2026-01-31T12:00:00+01:00", "2026-01-31T11:00:00Z"),
        ("2026-01-31T12:00:00-0500", "2026-01-31T17:00:00Z"),
        ("2026-01-31T12:00:00.123456Z", "2026-01-31T12:00:00Z"),
        ("2026-01-31T12:00:00", "2026-01-31T12:00:00Z"),
        ("2026-01-31 12:00:00", "2026-01-31T12:00:00Z"), ("[NA]", nil), ("", nil),
        ("Sat Jan 31 12:00:00 2026", nil), ("2026-13-31T12:00:00Z", nil),
    ]

    @Test("has its dates read however they are written", arguments: dates)
    func date(text: String, expected: String?) {
        #expect(Date(redfish: text)?.timestamp == expected)
    }
}
