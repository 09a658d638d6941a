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

    private static let others: [(JSONObject, JSONObject)] = [
        (
            ["SensorNumber": 0, "SensorType": "Memory", "Message": "DIMM A1 uncorrectable ECC"],
            ["SensorNumber": 0, "SensorType": "Memory", "Message": "DIMM B7 presence detected"]
        ),
        (
            ["SensorNumber": 0, "SensorType": "Temperature", "Message": "CPU1 Temp: too hot"],
            ["SensorNumber": 0, "SensorType": "Temperature", "Message": "CPU2 Temp: well"]
        ),
        (
            ["SensorNumber": 9, "SensorType": "Drive Slot / Bay", "Message": "Bay A: fault"],
            ["SensorNumber": 9, "SensorType": "Drive Slot / Bay", "Message": "Bay B: present"]
        ),
        (
            [
                "Links": ["OriginOfCondition": link("/redfish/v1/Chassis/1/Thermal")],
                "Message": "Fan 1 has failed",
            ],
            [
                "Links": ["OriginOfCondition": link("/redfish/v1/Chassis/1/Thermal")],
                "Message": "Fan 2 is well",
            ]
        ),
    ]

    @Test("has nothing ended by an ok of another part under the same number", arguments: 0..<4)
    func otherPart(index: Int) async throws {
        let (one, other) = Self.others[index]
        let ok: JSONObject = ["Severity": "OK"]
        let (causes, _) = try await found(
            resources(entries: [
                "Members": [
                    Self.entry("1", Self.ago(2), one),
                    Self.entry("2", Self.ago(1), other.setting(ok)),
                ]
            ]))
        #expect(causes.count == 1)
        let (ended, _) = try await found(
            resources(entries: [
                "Members": [
                    Self.entry("1", Self.ago(2), one),
                    Self.entry("2", Self.ago(1), one.setting(ok)),
                ]
            ]))
        #expect(ended == [])
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
        #expect(notes.contains("1 critical entries without a date that tells anything: undated"))
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

    @Test("whose critical entries have no date that can be read is not read as well")
    func unreadableDates() async throws {
        let dates: [JSON] = [nil, "11/28/2026 03:00:00", "1970-01-01T00:05:00Z"]
        for date in dates {
            let entry = Self.entry("undated", nil, ["Created": date])
            let (causes, report) = try await found(resources(entries: ["Members": [entry]]))
            #expect(causes == [])
            #expect(report.unread.map(\.what) == [Self.entries], "\(date)")
            #expect(report.health == .warning)
            let over = entry.setting(["Resolved": true])
            #expect(try await found(resources(entries: ["Members": [over]])).1.health == .ok)
        }
    }

    // MARK: Pages

    struct Paging: Sendable {
        var count: Int
        var page: Int
        var critical: Int
        var isNewestFirst = false
        var isOfLinks = false
        var hasLinks = true
    }

    private static let pagings = [
        Paging(count: 60, page: 20, critical: 55), Paging(count: 60, page: 20, critical: 40),
        Paging(count: 59, page: 40, critical: 59), Paging(count: 60, page: 20, critical: 2),
        Paging(count: 59, page: 20, critical: 30, isNewestFirst: true),
        Paging(count: 30, page: 30, critical: 5, isOfLinks: true),
        Paging(count: 45, page: 20, critical: 45, isOfLinks: true),
        Paging(count: 45, page: 20, critical: 3, isNewestFirst: true, isOfLinks: true),
        Paging(count: 60, page: 20, critical: 55, hasLinks: false),
        Paging(count: 400, page: 50, critical: 30), Paging(count: 2000, page: 5, critical: 1999),
    ]

    /// A log in pages, all of whose entries are of the last hours.
    private func paged(_ log: Paging) -> [String: JSON] {
        var all = (1...log.count).map { number in
            Self.entry(
                "\(number)", Self.ago(Double(log.count - number) / 100),
                number == log.critical ? [:] : ["Severity": "OK"])
        }
        if log.isNewestFirst { all.reverse() }
        var resources = resources(entries: nil)
        if log.isOfLinks {
            for entry in all { resources[entry["@odata.id"]?.string ?? ""] = entry }
            all = all.map { Self.link($0["@odata.id"]?.string ?? "") }
        }
        for start in 0..<all.count {
            var page: JSONObject = [
                "Members": .array(Array(all[start...].prefix(log.page))),
                "Members@odata.count": JSON(log.count),
            ]
            if log.hasLinks, start + log.page < log.count {
                page["Members@odata.nextLink"] = .string(
                    "\(Self.entries)?$skip=\(start + log.page)")
            }
            resources[start == 0 ? Self.entries : "\(Self.entries)?$skip=\(start)"] = .object(page)
        }
        return resources
    }

    @Test("in pages is read to its newest entry, however it is ordered", arguments: pagings)
    func allPages(log: Paging) async throws {
        let (causes, report) = try await found(paged(log))
        #expect(causes == ["\(log.critical)"])
        // What is recent and was left out is said.
        #expect(report.unread.isEmpty == (log.count <= 500))
        #expect(report.requests < 70)
    }

    @Test("of which more is recent than is read says so")
    func tooMany() async throws {
        for log in [
            Paging(count: 700, page: 50, critical: 30),
            Paging(count: 700, page: 50, critical: 30, isNewestFirst: true),
            Paging(count: 80, page: 80, critical: 3, isOfLinks: true),
        ] {
            let (causes, report) = try await found(paged(log))
            #expect(causes == [])
            #expect(report.unread.first?.why.hasPrefix("of its \(log.count) entries just") == true)
        }
    }

    @Test("whose page holds what is nothing is not read as well")
    func nullEntries() async throws {
        let entry = Self.entry("fine", Self.ago(1), ["Severity": "OK"])
        let (_, report) = try await found(resources(entries: ["Members": [entry, nil]]))
        #expect(report.unread.map(\.why) == ["of its 2 entries just 1 were read"])
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
