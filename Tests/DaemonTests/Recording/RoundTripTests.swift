import Core
import Foundation
import HTTPClient
import Logging
import Redfish
import Simulator
import Testing

@Suite("Recording what the simulator serves", .timeLimit(.minutes(10)))
struct RoundTripTests {
    static let fixtures = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "fixtures")

    private static let names =
        ((try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? [])
        .filter { Fixture.isFixture(fixtures.path + "/" + $0) }.sorted()

    @Test(
        "a recording that is served and recorded again is the same, anonymised or not",
        arguments: names)
    func twice(_ name: String) async throws {
        for isAnonymised in [false, true] {
            let first = try await Self.record(Self.fixtures.path + "/" + name, isAnonymised)
            let second = try await Self.record(first, isAnonymised)
            let (one, other) = (try Self.contents(of: first), try Self.contents(of: second))
            #expect(one.keys.sorted() == other.keys.sorted())
            for (file, json) in one { #expect(json == other[file], "\(file)") }
            try FileManager.default.removeItem(atPath: first)
            try FileManager.default.removeItem(atPath: second)
        }
    }

    @Test("few sessions and entity tags that are insisted on are no obstacle")
    func dialects() async throws {
        let folder = Self.fixtures.path + "/sushy-fake-minimum"
        let plain = try await Self.record(folder, false)
        let spoken = try await Self.record(
            folder, false, dialects: [.fewSessions, .strictETag], concurrency: 3)
        #expect(try Self.contents(of: plain) == Self.contents(of: spoken))
    }

    @Test("a slow BMC is waited for")
    func slow() async throws {
        let folder = Self.fixtures.path + "/sushy-fake-minimum"
        let plain = try await Self.record(folder, false)
        let slow = try await Self.record(folder, false, dialects: [.slow])
        #expect(try Self.contents(of: plain) == Self.contents(of: slow))
    }

    /// Serves a folder, records it and returns the new folder.
    private static func record(
        _ folder: String, _ isAnonymised: Bool, dialects: Set<Dialect> = [], concurrency: Int = 1
    ) async throws -> String {
        var configuration = RackConfiguration(count: 1)
        configuration.fixtures = [try Fixture(folder: folder)]
        configuration.dialects = dialects
        configuration.credentials = Credentials(username: "admin", password: Secret("hush-hush"))
        let rack = try SimulatedRack(configuration)
        try await rack.start()
        let http = HTTPClient()
        let device = try #require(rack.devices().first)
        var recorder = ServiceRecorder(
            device: device, http: http,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        recorder.concurrency = concurrency
        var recording = try await recorder.record { _, _ in }
        if isAnonymised { recording = recording.anonymised() }
        #expect(rack.bmcs[0].sessionCount == 0, "the recorder logged out")
        #expect(rack.bmcs[0].statistics.mostRequestsInFlight <= concurrency)
        http.shutdown()
        await rack.shutdown()
        let out = FileManager.default.temporaryDirectory
            .appendingPathComponent("rackpool-round-trip-" + UUID().uuidString).path
        try RecordingFolder.write(recording, to: out)
        #expect(!(try contents(of: out)).values.contains { $0.description.contains("hush-hush") })
        return out
    }

    /// Every file's content, without what differs by the time and the port.
    private static func contents(of folder: String) throws -> [String: JSON] {
        var contents: [String: JSON] = [:]
        for file in try FileManager.default.subpathsOfDirectory(atPath: folder)
        where file.hasSuffix(".json") {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file))
            guard var object = try JSON(parsing: bytes).object else { continue }
            if file == "recording.json" {
                object["Source"] = nil
                object["Recorded"] = nil
            }
            contents[file] = .object(object)
        }
        return contents
    }
}
