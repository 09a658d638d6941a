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
        #expect(folders.map(\.hasFailed) == [false, true, false, false])
        let bare = try #require(folders[0].systems.first)
        #expect(bare.outcomes[.poll] == .passed)
        #expect(bare.outcomes[.on] == .notOffered("no reset action was recorded"))
        #expect(bare.outcomes[.boot] == .notOffered("no boot override was recorded"))
        #expect(folders[3].systems.first?.outcomes[.on] == .passed)
        let lines = ReplayTable(folders: folders, others: found.others).lines
        #expect(lines.contains("No recordings: notes"))
        #expect(lines.last == "4 folders, 2 systems: 1 folder failed")
        #expect(lines.contains { $0.hasPrefix("  broken: ") })
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
