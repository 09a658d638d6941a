import Core
import Foundation
import SafeFiles
import Testing

@testable import Redfish

@Suite("The folder of a recording")
struct RecordingFolderTests {
    @Test("stays within itself, whatever the service calls its resources")
    func hostile() throws {
        let paths = [
            "/redfish/v1/../../../tmp/evil", "/redfish/v1/Systems/..", "/redfish/v1/Systems/.",
            "/redfish/v1/Systems/a%2F..%2Fb", "/redfish/v1/Systems/index.json",
            "/redfish/v1/Systems/headers.json", "/redfish/v1/recording.json", "/redfish/v1//x",
            "/redfish/v1/Systems/" + String(repeating: "long", count: 200),
            "/redfish/v1" + String(repeating: "/deep", count: 300), "/redfish/v1/Systems?$skip=2",
            "/redfish/v1/a\\b:c|d", "/etc/passwd", "/redfish/v1/CON", "/redfish/v1/con",
            "/redfish/v1/~root", "/redfish/v1/.git/config", "/redfish/v1/x\u{0}y", "/redfish/v1/ü",
        ]
        let resources = paths.map {
            RecordedResource(path: $0, status: 200, content: .json(["@odata.id": .string($0)]))
        }
        let root = RecordedResource(path: "/redfish/v1", status: 200, content: .json(["A": 1]))
        let out = Crawls.freshFolder()
        try RecordingFolder.write(Recording(resources: [root] + resources), to: out)
        let parent = (out as NSString).deletingLastPathComponent
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["out"])

        let files = try FileManager.default.subpathsOfDirectory(atPath: out)
        #expect(
            Set(files.map { $0.lowercased() }).count == files.count, "no two differ in case only")
        #expect(files.filter { $0.hasSuffix("index.json") }.count == paths.count + 1)
        let manifest = try JSON(
            parsing: Data(contentsOf: URL(fileURLWithPath: out + "/recording.json")))
        for file in files where file.hasSuffix("/index.json") {
            let folder = String(file.dropLast("/index.json".count))
            let json = try JSON(parsing: Data(contentsOf: URL(fileURLWithPath: out + "/" + file)))
            let told = manifest["Folders"]?[folder]?.string ?? "/redfish/v1/" + folder
            #expect(json["@odata.id"]?.string == told)
        }
    }

    @Test("is never written over something else")
    func taken() throws {
        let out = Crawls.freshFolder()
        let recording = Recording(resources: [
            RecordedResource(path: "/redfish/v1", status: 200, content: .json(["A": 1]))
        ])
        try RecordingFolder.write(recording, to: out)
        let error = #expect(throws: RecordingError.self) {
            try RecordingFolder.write(recording, to: out + "/")
        }
        #expect(error?.message.hasSuffix("is there already") == true)
    }

    @Test("tells what failed and what was left out")
    func manifest() throws {
        let recording = Recording(
            resources: [
                RecordedResource(
                    path: "/redfish/v1", status: 200, headers: ["ETag": "\"1\""],
                    content: .json(["A": 1])),
                RecordedResource(path: "/redfish/v1/Gone", status: 404),
                RecordedResource(path: "/redfish/v1/Slow", status: nil, problem: "timed out"),
                RecordedResource(
                    path: "/redfish/v1/$metadata", status: 200, content: .text(Array("<x/>".utf8))),
            ], skipped: [.schema: ["/redfish/v1/Registries/Base"]])
        let out = Crawls.freshFolder()
        try RecordingFolder.write(recording, to: out)
        let read = { (name: String) in
            try JSON(parsing: Data(contentsOf: URL(fileURLWithPath: out + "/" + name)))
        }
        let manifest = try read("recording.json")
        #expect(manifest["Failed"]?["/redfish/v1/Gone"]?["Status"] == 404)
        #expect(manifest["Failed"]?["/redfish/v1/Slow"]?["Problem"] == "timed out")
        #expect(manifest["Skipped"]?[0]?["Count"] == 1)
        #expect(try read("headers.json") == ["GET": ["ETag": "\"1\""]])
        #expect(FileManager.default.fileExists(atPath: out + "/$metadata/index.xml"))
    }

    private static let recording = Recording(resources: [
        RecordedResource(
            path: "/redfish/v1", status: 200, headers: ["ETag": "1"], content: .json(["A": 1])),
        RecordedResource(path: "/redfish/v1/A/B", status: 200, content: .json(["B": 1])),
    ])

    @Test("is for its owner alone, unless it is anonymised")
    func permissions() throws {
        for isAnonymised in [false, true] {
            let out = Crawls.freshFolder()
            var recording = Self.recording
            recording.isAnonymised = isAnonymised
            try RecordingFolder.write(recording, to: out)
            for name in try FileManager.default.subpathsOfDirectory(atPath: out) + ["."] {
                let status = try #require(FileStatus(at: out + "/" + name))
                #expect(status.othersMayRead == isAnonymised, "\(name)")
                #expect(!status.othersMayWrite)
            }
        }
    }

    @Test("writes nothing through links that somebody planted")
    func planted() throws {
        let out = Crawls.freshFolder()
        let parent = (out as NSString).deletingLastPathComponent
        let victim = parent + "/victim"
        try FileManager.default.createDirectory(
            atPath: victim, withIntermediateDirectories: true)
        for name in ["out.writing", "out.partial"] {
            #expect(symlink(victim, parent + "/" + name) == 0)
        }
        #expect(throws: RecordingError.self) {
            try RecordingJournal(for: out, source: "https://192.0.2.1")
        }
        try RecordingFolder.write(Self.recording, to: out)
        #expect(try FileManager.default.contentsOfDirectory(atPath: victim) == [])
        // A link to nowhere is there, too.
        #expect(symlink("/nonexistent", parent + "/dangling") == 0)
        #expect(throws: RecordingError.self) {
            try RecordingFolder.write(Self.recording, to: parent + "/dangling")
        }
    }

    @Test("does not go on from what others could have written, nor wait for a pipe")
    func partial() throws {
        let out = Crawls.freshFolder()
        let journal = try RecordingJournal(for: out, source: "https://192.0.2.1")
        try journal.append(Self.recording.resources[0])
        #expect(FileStatus(at: journal.path)?.othersMayRead == false)
        let path = journal.path
        #expect(chmod(path, 0o666) == 0)
        let other = Crawls.freshFolder()
        try FileManager.default.createDirectory(
            atPath: (other as NSString).deletingLastPathComponent, withIntermediateDirectories: true
        )
        #expect(link(path, other + ".partial") == 0)
        let error = #expect(throws: RecordingError.self) {
            try RecordingJournal(for: other, source: "https://192.0.2.1")
        }
        #expect(error?.message.contains("can be written by others") == true)
        unlink(other + ".partial")
        #expect(mkfifo(other + ".partial", 0o600) == 0)
        #expect(throws: RecordingError.self) {
            try RecordingJournal(for: other, source: "https://192.0.2.1")
        }
    }

    @Test("keeps the first of two resources that only a secret told apart")
    func collisions() throws {
        let out = Crawls.freshFolder()
        let resources = [1, 2].map { number in
            RecordedResource(
                path: "/redfish/v1/REDACTED", status: 200, content: .json(["Number": JSON(number)]))
        }
        try RecordingFolder.write(Recording(resources: resources), to: out)
        let text = try Crawls.allText(in: out)
        #expect(text.contains("\"Number\": 1") && !text.contains("\"Number\": 2"))
    }
}
