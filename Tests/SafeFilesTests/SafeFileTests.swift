import Foundation
import SafeFiles
import Testing

@Suite("A file that is opened safely", .timeLimit(.minutes(1)))
struct SafeFileTests {
    private static let purposes: [SafeFile.Purpose] = [
        .reading, .readingItself, .creating, .replacing, .extending,
    ]

    @Test("is no pipe, which nobody waits for")
    func pipe() throws {
        let folder = try Folder()
        let path = folder.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        for purpose in [SafeFile.Purpose.reading, .readingItself, .extending] {
            let error = #expect(throws: SafeFileError.self) { try SafeFile.open(path, purpose) }
            #expect(error?.description == "\(path) is a pipe, not a file")
        }
        try folder.put("new", .replacing, at: "pipe")
        #expect(try folder.text("pipe") == "new")
    }

    @Test("is no folder, and no device")
    func kinds() throws {
        let folder = try Folder()
        #expect(throws: SafeFileError.self) { try SafeFile.read(folder.path) }
        let error = #expect(throws: SafeFileError.self) { try SafeFile.read("/dev/zero") }
        #expect(error?.description == "/dev/zero is a device, not a file")
    }

    @Test("is not what a link names that somebody planted")
    func links() throws {
        let folder = try Folder()
        try folder.put("precious", .creating, at: "victim")
        #expect(symlink(folder.path + "/victim", folder.path + "/link") == 0)
        for purpose in [SafeFile.Purpose.readingItself, .creating, .extending] {
            #expect(throws: SafeFileError.self, "\(purpose)") {
                try SafeFile.open(folder.path + "/link", purpose)
            }
        }
        #expect(try folder.text("link") == "precious", "what is read may be named so")
        try folder.put("new", .replacing, at: "link")
        #expect(try folder.text("victim") == "precious")
        #expect(try folder.text("link") == "new")
    }

    @Test("that is put somewhere replaces links to others, hard ones too")
    func put() throws {
        let folder = try Folder()
        try folder.put("precious", .creating, at: "victim")
        for (make, name) in [(symlink, "soft"), (link, "hard")] {
            for suffix in ["", ".new"] {
                let path = folder.path + "/\(name)\(suffix)"
                #expect(make(folder.path + "/victim", path) == 0)
            }
            try SafeFile.put(Array("new".utf8), at: folder.path + "/" + name)
            #expect(try folder.text(name) == "new")
            #expect(try folder.text("victim") == "precious")
        }
    }

    @Test("has no second name in a folder into which others write")
    func names() throws {
        let folder = try Folder()
        try folder.put("precious", .creating, at: "victim")
        let path = folder.path + "/log"
        #expect(link(folder.path + "/victim", path) == 0)
        try folder.put("x", .extending, at: "log")
        #expect(chmod(folder.path, 0o1777) == 0)
        let error = #expect(throws: SafeFileError.self) { try SafeFile.open(path, .extending) }
        #expect(error?.description.contains("has another name") == true)
    }

    @Test(
        "is not somebody else's in a folder into which others write", .enabled(if: geteuid() == 0))
    func owners() throws {
        let folder = try Folder()
        try folder.put("theirs", .creating, at: "state")
        let path = folder.path + "/state"
        #expect(chown(path, 65534, 65534) == 0)
        #expect(try folder.text("state") == "theirs", "in a folder of ours it was put by us")
        #expect(chmod(folder.path, 0o1777) == 0)
        for purpose in [SafeFile.Purpose.reading, .extending] {
            let error = #expect(throws: SafeFileError.self) { try SafeFile.open(path, purpose) }
            #expect(error?.description.contains("belongs to another user") == true)
        }
        let link = folder.path + "/link"
        #expect(symlink(path, link) == 0)
        #expect(lchown(link, 65534, 65534) == 0)
        #expect(throws: SafeFileError.self) { try SafeFile.open(link, .reading) }
    }

    @Test("is refused where it is larger than it may be")
    func size() throws {
        let folder = try Folder()
        try folder.put(String(repeating: "x", count: 5000), .creating, at: "large")
        #expect(throws: SafeFileError.self) {
            try SafeFile.read(folder.path + "/large", maximumSize: 4096)
        }
    }

    @Test("lies in a folder that is new, or nobody else's")
    func folders() throws {
        let folder = try Folder()
        let first = try SafeFolder.makeUnique(folder.path + "/x-")
        let second = try SafeFolder.makeUnique(folder.path + "/x-")
        #expect(first != second)
        #expect(FileStatus(at: first).map { $0.othersMayRead || $0.othersMayWrite } == false)
        try SafeFolder.make(first)
        #expect(symlink(first, folder.path + "/link") == 0)
        #expect(throws: SafeFileError.self) { try SafeFolder.make(folder.path + "/link") }
        #expect(chmod(first, 0o777) == 0)
        #expect(throws: SafeFileError.self) { try SafeFolder.make(first) }
    }
}

/// A folder of a test's own.
private struct Folder {
    let path: String

    init() throws {
        path = try SafeFolder.makeUnique(NSTemporaryDirectory() + "rackpool-safe-")
    }

    func put(_ text: String, _ purpose: SafeFile.Purpose, at name: String) throws {
        let descriptor = try SafeFile.open(path + "/" + name, purpose)
        defer { close(descriptor) }
        try SafeFile.write(Array(text.utf8), to: descriptor, name)
    }

    func text(_ name: String) throws -> String {
        String(decoding: try SafeFile.read(path + "/" + name), as: UTF8.self)
    }
}
