import Core
import Foundation
import Simulator
import Testing

@testable import rackpool

@Suite("Replaying recordings", .timeLimit(.minutes(10)))
struct ReplayTests {
    private static let shared = RoundTripTests.fixtures.deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/redfish").path

    /// What CI asks of this repository's own fixtures.
    @Test("every fixture of the repository passes")
    func fixtures() async throws {
        let found = try Replay.find(at: RoundTripTests.fixtures.path)
        #expect(found.others == [])
        let folders = await Replay().run(found.recordings)
        #expect(folders.map(\.name) == folders.map(\.name).sorted())
        #expect(folders.count >= 5)
        let failed = folders.filter(\.hasFailed)
        #expect(failed.isEmpty, "\(ReplayTable(folders: failed).lines.joined(separator: "\n"))")
    }

    @Test(
        "every recording of a real machine passes, with a dialect too",
        .enabled(
            if: FileManager.default.fileExists(atPath: shared),
            "SKIPPED: the recordings of real machines are not at ../shared/redfish"),
        arguments: [[], [Dialect.strictETag, .fewSessions], [.noETag, .strictReset]])
    func machines(_ dialects: [Dialect]) async throws {
        var replay = Replay()
        replay.dialects = Set(dialects)
        let folders = await replay.run(try Replay.find(at: Self.shared).recordings)
        #expect(folders.count >= 5)
        let failed = folders.filter(\.hasFailed)
        #expect(failed.isEmpty, "\(ReplayTable(folders: failed).lines.joined(separator: "\n"))")
    }

    @Test("what a recording does not show is not offered; what is broken fails; both are told")
    func outcomes() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("rackpool-replay-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let root =
            ##"{"@odata.type": "#ServiceRoot.v1_5_0.ServiceRoot", "Systems": {"@odata.id": "/redfish/v1/Systems"}}"##
        let systems =
            #"{"Members": [{"@odata.id": "/redfish/v1/Systems/1"}, {"@odata.id": "/redfish/v1/Systems/gone"}]}"#
        // With a byte order mark, and below the layout's long prefix.
        try Self.write(
            [
                "bare/redfish/v1/index.json": "\u{FEFF}" + root,
                "bare/redfish/v1/Systems/index.json": systems,
                "bare/redfish/v1/Systems/1/index.json":
                    ##"{"@odata.type": "#ComputerSystem.v1_5_0.ComputerSystem", "Id": "1", "PowerState": "On", "Status": {"Health": "OK"}, "Oem": {"@odata.id": "/redfish/v1/Broken"}}"##,
                "bare/redfish/v1/Broken/index.json": "<html>", "broken/index.json": "{",
                "chassis/index.json": root, "chassis/Systems/index.json": #"{"Members": []}"#,
                "notes/readme.txt": "nothing",
                "flat/a.json": root,
                "flat/b.json":
                    #"{"@odata.id": "/redfish/v1/Systems/", "Members": [{"@odata.id": "/redfish/v1/Systems/1"}]}"#,
                "flat/c.json":
                    ##"{"@odata.id": "/redfish/v1/Systems/1", "Id": "1", "PowerState": "Off", "SystemType": "Physical", "Actions": {"#ComputerSystem.Reset": {"target": "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset"}}}"##,
            ], to: folder)
        let found = try Replay.find(at: folder.path)
        #expect(found.others == ["notes"])
        let folders = await Replay().run(found.recordings)
        #expect(folders.map(\.name) == ["bare", "broken", "chassis", "flat"])
        #expect(folders.map(\.hasFailed) == [false, true, true, false])
        let bare = try #require(folders[0].systems.first)
        #expect(bare.outcomes[.poll] == .passed)
        #expect(bare.outcomes[.on] == .notOffered("no reset action was recorded"))
        #expect(bare.outcomes[.boot] == .notOffered("no boot override was recorded"))
        #expect(folders[3].systems.first?.outcomes[.on] == .passed)
        let lines = ReplayTable(folders: folders, others: found.others).lines
        #expect(lines.contains("No recordings: notes"))
        #expect(lines.last == "4 folders, 2 systems: 2 folders failed")
        #expect(lines.contains { $0.hasPrefix("  broken: ") })
        #expect(lines.contains("  chassis: it holds no computer system"))
    }

    @Test("media, a cycle and an orderly power off are tried where the recording shows them")
    func steps() async throws {
        let folder = RoundTripTests.fixtures.path + "/idrac9-r640-style"
        let plain = try #require(await Replay().run([folder]).first?.systems.first)
        for step in ReplayStep.allCases { #expect(plain.outcomes[step] == .passed, "\(step)") }
    }

    @Test("a BMC that does not do what it says fails the step, and that alone")
    func fault() async throws {
        var replay = Replay()
        replay.dialects = [.bootIgnored]
        let folder = RoundTripTests.fixtures.path + "/idrac9-r640-style"
        let system = try #require(await replay.run([folder]).first?.systems.first)
        let failed = ReplayStep.allCases.filter { system.outcomes[$0]?.isFailure == true }
        #expect(failed == [.boot])
    }

    @Test("a recording of nothing but refusals fails, and says who should record it again")
    func refusals() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("rackpool-replay-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.write(
            [
                "index.json":
                    ##"{"@odata.type": "#ServiceRoot.v1_5_0.ServiceRoot", "Systems": {"@odata.id": "/redfish/v1/Systems"}}"##,
                "recording.json":
                    #"{"Failed": {"/redfish/v1/Systems": {"Status": 401}, "/redfish/v1/Chassis": {"Status": 403}}}"#,
            ], to: folder)
        let replayed = try #require(await Replay().run([folder.path]).first)
        #expect(
            replayed.failure
                == "it holds no computer system; the BMC refused 2 resources, the first of them "
                + "/redfish/v1/Chassis: record it again with a user who may read them")
    }

    @Test("fewer or more systems than expected are a failure")
    func expectation() async throws {
        let found = try Replay.find(at: RoundTripTests.fixtures.path + "/sushy-fake-two-systems")
        var table = ReplayTable(folders: await Replay().run(found.recordings))
        for (expected, hasFailed) in [(2, false), (1, true), (3, true)] {
            table.expectedSystems = expected
            #expect(table.hasFailed == hasFailed)
        }
        #expect(table.lines.last == "1 folder, 2 systems: 2 systems instead of 3")
        #expect(table.junit.contains(#"<failure message="2 systems instead of 3"/>"#))
    }

    @Test("a CI system gets the same, with nothing in it that breaks its file")
    func junit() throws {
        var folder = ReplayedFolder(name: "r<1>")
        var system = ReplayedSystem(id: "1&2")
        system.outcomes = [
            .inspect: .passed, .on: .failed("\"no\"\u{1}\n<b>"), .media: .notOffered("none"),
        ]
        folder.systems = [system]
        var broken = ReplayedFolder(name: "broken")
        broken.failure = "no root"
        let text = ReplayTable(folders: [folder, broken]).junit
        #expect(
            text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites>
                  <testsuite name="r&lt;1&gt;" tests="3" failures="1" skipped="1">
                    <testcase classname="r&lt;1&gt;.1&amp;2" name="inspect"/>
                    <testcase classname="r&lt;1&gt;.1&amp;2" name="on"><failure message="&quot;no&quot; &lt;b&gt;"/></testcase>
                    <testcase classname="r&lt;1&gt;.1&amp;2" name="media"><skipped message="none"/></testcase>
                  </testsuite>
                  <testsuite name="broken" tests="1" failures="1" skipped="0">
                    <testcase classname="broken" name="recording"><failure message="no root"/></testcase>
                  </testsuite>
                </testsuites>

                """)
    }

    @Test("a folder that is not done in time fails alone")
    func limit() async throws {
        var replay = Replay()
        replay.dialects = [.slow]
        replay.limit = .milliseconds(1)
        let folders = await replay.run([RoundTripTests.fixtures.path + "/sushy-fake-minimum"])
        #expect(folders.first?.failure == "not done after 1ms")
        #expect(folders.first?.hasFailed == true)
    }

    private static func write(_ files: [String: String], to folder: URL) throws {
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
    }
}
