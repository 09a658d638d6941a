import Core
import Foundation
import HTTPClient
import TestServer
import Testing

@testable import Redfish

@Suite("Recording a service", .timeLimit(.minutes(5)))
struct CrawlTests {
    @Test("every kind of link is followed, and nothing but GET is sent")
    func links() async throws {
        let system: JSON = [
            "Actions": [
                "#ComputerSystem.Reset": [
                    "target": "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset",
                    "@Redfish.ActionInfo": "/redfish/v1/Systems/1/ResetActionInfo",
                ],
                "Oem": ["#Vendor.Explode": ["target": "/redfish/v1/Systems/1/Explode"]],
            ],
            "Explode": ["@odata.id": "/redfish/v1/Systems/1/Explode"],
            "@Redfish.Settings": ["SettingsObject": ["@odata.id": "/redfish/v1/Systems/1/SD"]],
            "links": ["Chassis": [["href": "/redfish/v1/Chassis/1/"]]],
        ]
        let service = try FakeService(
            Crawls.service([
                "Systems": [
                    "Members": Crawls.links(["/redfish/v1/Systems/1"]),
                    "Members@odata.nextLink": "/redfish/v1/Systems?$skip=1",
                ],
                "Systems/1": system, "Systems/1/ResetActionInfo": ["Parameters": []],
                "Systems/1/SD": ["Boot": [:]], "Chassis/1": ["Name": "Chassis"],
            ])
        ) { request, _ in
            guard request.path.hasSuffix("?$skip=1") else { return nil }
            return .json(["Members": Crawls.links(["/redfish/v1/Systems/2"])])
        }
        defer { service.server.stop() }
        let recording = try await Crawls.record(service)
        #expect(
            Set(recording.read.map(\.path)) == [
                "/redfish/v1", "/redfish/v1/Systems", "/redfish/v1/Systems/1",
                "/redfish/v1/Systems?$skip=1", "/redfish/v1/Systems/1/ResetActionInfo",
                "/redfish/v1/Systems/1/SD", "/redfish/v1/Chassis/1",
            ])
        #expect(recording.failed.map(\.path) == ["/redfish/v1/Systems/2"])
        #expect(recording.failed.first?.status == 404)
        #expect(recording.skipped[.action] == ["/redfish/v1/Systems/1/Explode"])
        #expect(service.server.log.requests.allSatisfy { $0.method == "GET" })
        #expect(!service.lines().contains { $0.contains("Explode") || $0.contains("/Actions/") })
    }

    @Test("other hosts, dots, sessions, schemas and old log entries are left alone")
    func skips() async throws {
        let entries = (1...30).map { "/redfish/v1/Log/Entries/\($0)" }
        let service = try FakeService(
            Crawls.service([
                "Away": [
                    "A": Crawls.link("https://203.0.113.9/redfish/v1/Systems"),
                    "B": Crawls.link("//203.0.113.9/redfish/v1"),
                    "C": Crawls.link("/redfish/v1/../../etc/passwd"),
                    "D": Crawls.link("/redfish/v1/%2e%2E/x"), "E": Crawls.link("/rest/v1/Systems"),
                    "F": Crawls.link("/redfish/v1/SessionService/Sessions/1"),
                ],
                "SessionService": ["Sessions": Crawls.link("/redfish/v1/SessionService/Sessions")],
                "SessionService/Sessions": [
                    "@odata.type": "#SessionCollection.SessionCollection",
                    "Members": Crawls.links(["/redfish/v1/SessionService/Sessions/1"]),
                    "Members@odata.count": 1,
                ],
                "Registries": ["Members": Crawls.links(["/redfish/v1/Registries/Base"])],
                "Log": ["Entries": Crawls.link("/redfish/v1/Log/Entries")],
                "Log/Entries": [
                    "@odata.type": "#LogEntryCollection.LogEntryCollection",
                    "Members": Crawls.links(entries),
                    "Members@odata.nextLink": "/redfish/v1/Log/Entries?page=2",
                ],
            ]))
        defer { service.server.stop() }
        let recording = try await Crawls.record(service, limits: CrawlLimits(logEntries: 3))
        #expect(recording.skipped[.elsewhere]?.count == 2)
        #expect(recording.skipped[.strange]?.count == 3)
        #expect(recording.skipped[.session] == ["/redfish/v1/SessionService/Sessions/1"])
        #expect(recording.skipped[.schema] == ["/redfish/v1/Registries/Base"])
        #expect(recording.skipped[.logEntry]?.count == 28)
        #expect(recording.failed.count == 3)
        let sessions = recording.read.first { $0.path.hasSuffix("/Sessions") }?.json
        #expect(sessions?["Members"] == [])
    }

    @Test("a service without end is left after the limits")
    func endless() async throws {
        let service = try FakeService([:]) { request, _ in
            let path = request.path.hasSuffix("/") ? String(request.path.dropLast()) : request.path
            return .json(["A": Crawls.link(path + "/a"), "B": Crawls.link(path + "/b")])
        }
        defer { service.server.stop() }
        let few = try await Crawls.record(service, limits: CrawlLimits(resources: 10))
        #expect(few.resources.count == 10)
        #expect(few.skipped[.tooMany]?.isEmpty == false)
        let shallow = try await Crawls.record(service, limits: CrawlLimits(depth: 3))
        #expect(shallow.resources.count == 15)
        #expect(shallow.skipped[.tooDeep]?.count == 16)
        let small = try await Crawls.record(service, limits: CrawlLimits(bytes: 300))
        #expect(small.skipped[.tooLarge]?.isEmpty == false)
    }

    @Test("an interrupted recording goes on and asks for nothing twice")
    func resume() async throws {
        struct Stop: Error {}
        let service = try FakeService(
            Crawls.service([
                "Systems": ["Members": Crawls.links((1...5).map { "/redfish/v1/Systems/\($0)" })],
                "Systems/1": [:], "Systems/2": [:], "Systems/3": [:], "Systems/4": [:],
                "Systems/5": [:],
            ]))
        defer { service.server.stop() }
        let whole = try await Crawls.record(service)
        let requests = service.lines().count

        let out = Crawls.freshFolder()
        let first = try RecordingJournal(for: out, source: service.server.url)
        let kept = Kept()
        let recorder = Crawls.recorder(of: service)
        await #expect(throws: RecordingError.self) {
            try await recorder.record { resource, _ in
                try first.append(resource)
                kept.add(resource)
                // The fourth is not read any more.
                if kept.resources.count == 3 { throw Stop() }
            }
        }
        let before = service.lines().count - requests
        #expect(throws: RecordingError.self, "the journal has a writer") {
            try RecordingJournal(for: out, source: service.server.url)
        }
        // A torn line, as a crash leaves it.
        let file = try #require(FileHandle(forWritingAtPath: first.path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(#"{"Path":"/redfish/v1/Sys"#.utf8))
        try file.close()
        try await Self.goOn(service, out, whole: whole, asked: before, since: requests)
    }

    private static func goOn(
        _ service: FakeService, _ out: String, whole: Recording, asked: Int, since: Int
    ) async throws {
        // The first journal is closed by another process's end; here it is read beside it.
        let lines = try String(contentsOfFile: out + ".partial", encoding: .utf8).split(
            separator: "\n")
        let copy = Crawls.freshFolder()
        try FileManager.default.createDirectory(
            atPath: (copy as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try lines.joined(separator: "\n").write(
            toFile: copy + ".partial", atomically: true, encoding: .utf8)
        #expect(throws: RecordingError.self, "another service's recording") {
            try RecordingJournal(for: copy, source: "https://203.0.113.9")
        }
        let second = try RecordingJournal(for: copy, source: service.server.url)
        #expect(second.earlier.count == 3)
        let resumed = try await Crawls.recorder(of: service).record(resuming: second.earlier) {
            resource, _ in try second.append(resource)
        }
        #expect(resumed.resources == whole.resources)
        // The client may ask where to log in; of the recording's resources only the rest is read.
        let again = service.lines(since: since + asked).filter { $0.contains("/Systems/") }
        #expect(again == (2...5).map { "GET /redfish/v1/Systems/\($0)" })
        try RecordingFolder.write(resumed, to: copy)
        second.remove()
        #expect(FileManager.default.fileExists(atPath: copy + "/Systems/5/index.json"))
        #expect(!FileManager.default.fileExists(atPath: copy + ".partial"))
    }

    @Test("a service that falls silent is an error, and what came before is kept")
    func silence() async throws {
        let service = try FakeService(
            Crawls.service([
                "Systems": ["Members": Crawls.links((1...9).map { "/redfish/v1/Systems/\($0)" })]
            ])
        ) { request, store in
            guard request.path.contains("Systems/") || store["/silent"] != nil else { return nil }
            store["/silent"] = [:]
            return .close
        }
        defer { service.server.stop() }
        let kept = Kept()
        let recorder = Crawls.recorder(of: service)
        let error = await #expect(throws: RecordingError.self) {
            try await recorder.record { resource, _ in kept.add(resource) }
        }
        #expect(error?.message.hasPrefix("the service stopped answering") == true)
        #expect(kept.resources.map(\.path) == ["/redfish/v1", "/redfish/v1/Systems"])
    }

    @Test("what alone never answers is left, and the rest is read")
    func silentResources() async throws {
        let paths = (1...9).map { "/redfish/v1/Chassis/\($0)" }
        var resources: [String: JSON] = ["Chassis": ["Members": Crawls.links(paths)]]
        for number in 1...9 { resources["Chassis/\(number)"] = [:] }
        let service = try FakeService(Crawls.service(resources)) { request, _ in
            (1...5).contains { request.path.hasSuffix("Chassis/\($0)") } ? .close : nil
        }
        defer { service.server.stop() }
        let recording = try await Crawls.record(service)
        #expect(recording.failed.map(\.path) == Array(paths[..<5]))
        #expect(recording.read.map(\.path).suffix(4) == paths[5...])
    }

    @Test("what restarts a BMC is never read, whatever links to it, and that is said")
    func dangerous() async throws {
        let dangerous = [
            "/redfish/v1/Chassis/Enclosure.Internal.0-1:RAID.Integrated.1-1",
            "/redfish/v1/Chassis/Enclosure.External.0-0%3ARAID.Slot.4-1/Drives",
            "/redfish/v1/Chassis/RAID.Slot.2-1",
        ]
        let harmless = ["/redfish/v1/Chassis/Enclosure", "/redfish/v1/Chassis/RAIDShelf.1"]
        let service = try FakeService(
            Crawls.service([
                "Chassis": ["Members": Crawls.links(dangerous + harmless)],
                "Systems": ["Links": ["Enclosures": Crawls.links(dangerous)]],
                "Chassis/Enclosure": [:], "Chassis/RAIDShelf.1": [:],
            ]))
        defer { service.server.stop() }
        let recording = try await Crawls.record(service)
        #expect(recording.skipped[.dangerous] == dangerous)
        #expect(!service.lines().contains { $0.contains("RAID.") })
        #expect(recording.read.map(\.path).suffix(2) == harmless[...])
    }

    @Test(
        "refused credentials are an error, whichever way the BMC says so", arguments: [true, false])
    func refused(hasSessions: Bool) async throws {
        var root: [String: JSON] = ["Systems": [:], "Chassis": [:], "Managers": [:]]
        if hasSessions {
            root["SessionService"] = [
                "Sessions": Crawls.link("/redfish/v1/SessionService/Sessions")
            ]
        }
        let service = try FakeService(Crawls.service(root)) { request, _ in
            request.path.hasPrefix("/redfish/v1/") && request.path != "/redfish/v1/"
                ? .answer(401) : nil
        }
        defer { service.server.stop() }
        let kept = Kept()
        let recorder = Crawls.recorder(of: service)
        let error = await #expect(throws: RecordingError.self) {
            try await recorder.record { resource, _ in kept.add(resource) }
        }
        #expect(error?.message.contains("the credentials were refused") == true)
        // Else it would be missing from the recording that goes on with the right password.
        let refusals = kept.resources.filter { !$0.isRead }
        #expect(refusals == [])
    }

    @Test("who may do nothing but change the password has no recording")
    func expired() async throws {
        let service = try FakeService(
            Crawls.service([
                "Systems": [:], "Chassis": [:], "Managers": [:], "SessionService": [:],
            ])
        ) { request, _ in
            if request.method == "POST" {
                return .answer(201, headers: ["X-Auth-Token": "t", "Location": "/s/1"])
            }
            let isOpen = ["/redfish/v1/", "/redfish/v1/SessionService"].contains(request.path)
            return isOpen ? nil : .answer(403)
        }
        defer { service.server.stop() }
        let error = await #expect(throws: RecordingError.self) {
            try await Crawls.record(service)
        }
        #expect(error?.message.contains("the credentials were refused") == true)
    }

    @Test("a resource that is closed to the user is left out of a recording, no more")
    func closed() async throws {
        let service = try FakeService(
            Crawls.service(["AccountService": [:], "Systems": [:], "SessionService": [:]])
        ) { request, _ in
            if request.method == "POST" {
                return .answer(201, headers: ["X-Auth-Token": "t", "Location": "/s/1"])
            }
            return request.path.hasSuffix("AccountService") ? .answer(401) : nil
        }
        defer { service.server.stop() }
        let recording = try await Crawls.record(service)
        #expect(recording.failed.map(\.path) == ["/redfish/v1/AccountService"])
        #expect(recording.read.count == 3)
    }
}
