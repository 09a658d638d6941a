import Foundation
import Glibc
import Testing

@testable import InfraKit

@Suite("A token file")
struct ListenTokenTests {
    private static let text = "0123456789abcdef"

    private func with(
        _ content: String, mode: mode_t = 0o600, _ body: (String) throws -> Void
    ) throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = directory.file("token")
        try content.write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, mode)
        try body(path)
    }

    @Test("is read without the line's end", arguments: ["", "\n", "\r\n", " \n\n"])
    func whole(_ end: String) throws {
        try with(Self.text + end, mode: 0o400) { path in
            let token = try ListenToken(file: path)
            #expect(token.isShown(by: "Bearer " + Self.text))
            #expect(token.authorisation == "Bearer " + Self.text)
        }
    }

    @Test("is refused where others may read it or write to it", arguments: [0o640, 0o604, 0o620])
    func exposed(_ mode: mode_t) throws {
        try with(Self.text, mode: mode) { path in
            let expected = ListenTokenError.exposed(path: path, mode: String(mode, radix: 8))
            #expect(throws: expected) { try ListenToken(file: path) }
        }
    }

    @Test(
        "is refused where what it holds is no token, without a word of that",
        arguments: [
            "", "short-secret", "0123456789 abcdefg", "0123456789abcdef\nmore", "0123456789äbcdef",
        ])
    func unusable(_ content: String) throws {
        try with(content) { path in
            let error = #expect(throws: ListenTokenError.self) { try ListenToken(file: path) }
            #expect(content.isEmpty || error.map { "\($0)".contains(content) } == false)
        }
    }

    @Test("is refused, and not waited for, where it is no file")
    func noFile() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let fifo = directory.file("fifo")
        mkfifo(fifo, 0o600)
        for path in [fifo, directory.path, "/dev/zero"] {
            #expect(throws: ListenTokenError.notAFile(path: path)) { try ListenToken(file: path) }
        }
        #expect(throws: ListenTokenError.self) { try ListenToken(file: directory.file("none")) }
    }

    @Test("is not told by whoever describes or dumps the token")
    func secret() throws {
        let token = try ListenToken(Self.text)
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped] {
            #expect(!text.contains(Self.text))
        }
    }
}
