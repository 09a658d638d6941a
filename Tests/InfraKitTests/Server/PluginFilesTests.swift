import Foundation
import Glibc
import InfraKit
import Testing

@Suite("In the plugin directory", .timeLimit(.minutes(5)))
struct PluginFilesTests {
    @Test("lie the socket, for its owner alone, and the process id, and both go at the end")
    func socketAndPID() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let running = try await RunningServer(FakePlugin(), in: directory)
        #expect(running.address == directory.file("rack"))
        #expect(directory.names == ["rack", "rack.pid"])
        #expect(directory.mode("rack") == 0o600)
        // No line end: the reference reads it with strconv.Atoi.
        #expect(directory.text("rack.pid") == "\(getpid())")
        try await running.stop()
        #expect(directory.names == [])
    }

    @Test("lies the address of a TCP listener, with the port that was found")
    func tcp() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let running = try await RunningServer(
            FakePlugin(), in: directory, listen: .tcp(host: "127.0.0.1", port: 0))
        #expect(directory.names == ["rack.listen", "rack.pid"])
        #expect(directory.text("rack.listen") == running.address)
        let port = try #require(running.address.split(separator: ":").last.flatMap { Int($0) })
        #expect(running.address == "tcp://127.0.0.1:\(port)")
        let status = try await onThread {
            try RawConnection(loopbackPort: port).call(
                #"{"jsonrpc":"2.0","method":"Handshake.Hello","id":1}"#
            ).status
        }
        #expect(status == 200)
        try await running.stop()
        #expect(directory.names == [])
    }

    @Test("lies the address that is to be advertised, if one is given")
    func advertised() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let running = try await RunningServer(
            FakePlugin(), in: directory,
            listen: .tcp(host: "127.0.0.1", port: 0, advertise: "rack.example:24864"))
        #expect(directory.text("rack.listen") == "tcp://rack.example:24864")
        try await running.stop()
    }

    @Test("which is made for its owner alone if it is missing")
    func missingDirectory() async throws {
        let directory = try TemporaryDirectory()
        directory.remove()
        defer { directory.remove() }
        let running = try await RunningServer(FakePlugin(), in: directory)
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
        try await running.stop()
    }

    @Test("what a crash left is replaced, in either mode", arguments: [true, false])
    func leftovers(isTCP: Bool) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let listener = try ListeningSocket(path: directory.file("rack"))
        listener.close()
        try "4194304".write(toFile: directory.file("rack.pid"), atomically: false, encoding: .utf8)
        try "tcp://127.0.0.1:1".write(
            toFile: directory.file("rack.listen"), atomically: false, encoding: .utf8)
        try FileManager.default.createDirectory(
            atPath: directory.file(".rack"), withIntermediateDirectories: false)
        try ListeningSocket(path: directory.file(".rack/s")).close()
        let running = try await RunningServer(
            FakePlugin(), in: directory,
            listen: isTCP ? .tcp(host: "127.0.0.1", port: 0) : .socket)
        #expect(directory.text("rack.pid") == "\(getpid())")
        #expect(!directory.names.contains(isTCP ? "rack" : "rack.listen"))
        #expect(directory.text("rack.listen") == (isTCP ? running.address : nil))
        try await running.stop()
        #expect(directory.names.filter { $0 != ".rack" } == [])
    }

    @Test("a second start is refused with the first one's process id, and leaves it serving")
    func secondStart() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let first = try await RunningServer(FakePlugin(), in: directory)
        let error = await #expect(throws: PluginServerError.self) {
            _ = try await RunningServer(FakePlugin(), in: directory)
        }
        #expect(
            error
                == .alreadyRunning(
                    name: "rack", pid: "\(getpid())", pidFile: directory.file("rack.pid")))
        #expect("\(try #require(error))".contains("stop that process"))
        #expect(directory.names == ["rack", "rack.pid"])
        let status = try await onThread {
            try RawConnection(socket: first.address).call(
                #"{"jsonrpc":"2.0","method":"Handshake.Hello","id":1}"#
            ).status
        }
        #expect(status == 200)
        try await first.stop()
    }

    @Test("of many starts at once one wins")
    func race() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let winners = await withTaskGroup(of: RunningServer?.self) { group in
            for _ in 0..<20 {
                group.addTask { try? await RunningServer(FakePlugin(), in: directory) }
            }
            return await group.reduce(into: [RunningServer]()) { all, running in
                if let running { all.append(running) }
            }
        }
        #expect(winners.count == 1)
        for winner in winners { try await winner.stop() }
        #expect(directory.names == [])
    }

    @Test("a socket on which somebody answers is left alone, even if its queue is full")
    func liveSocket() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let listener = try ListeningSocket(path: directory.file("rack"), backlog: 0)
        defer { listener.close() }
        await #expect(
            throws: PluginServerError.socketInUse(path: directory.file("rack"), pid: "\(getpid())")
        ) {
            _ = try await RunningServer(FakePlugin(), in: directory)
        }
        // What was just asked fills the queue, for nobody accepts it.
        await #expect(
            throws: PluginServerError.socketInUse(path: directory.file("rack"), pid: "(unknown)")
        ) {
            _ = try await RunningServer(FakePlugin(), in: directory)
        }
        #expect(directory.names == ["rack"])
    }

    @Test("what is no socket is never removed", arguments: ["file", "directory", "link"])
    func notASocket(kind: String) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = directory.file("rack")
        switch kind {
        case "file": try "precious".write(toFile: path, atomically: false, encoding: .utf8)
        case "directory":
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false)
        default:
            try FileManager.default.createSymbolicLink(
                atPath: path, withDestinationPath: "/nowhere")
        }
        let error = await #expect(throws: PluginServerError.self) {
            _ = try await RunningServer(FakePlugin(), in: directory)
        }
        let text = "\(try #require(error))"
        #expect(text.hasPrefix(path))
        #expect(text.contains("\(kind), not a socket, and is left alone"))
        #expect(directory.names == ["rack"])
    }

    @Test("what another put in the place of our files stays when we go")
    func replacedFiles() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let running = try await RunningServer(FakePlugin(), in: directory)
        for name in directory.names {
            try FileManager.default.removeItem(atPath: directory.file(name))
            try "theirs".write(toFile: directory.file(name), atomically: false, encoding: .utf8)
        }
        try await running.stop()
        #expect(directory.text("rack") == "theirs")
        #expect(directory.text("rack.pid") == "theirs")
    }

    @Test(
        "a name that can't be a socket's is refused",
        arguments: ["", ".", "..", ".rack", "a/b", "rack.pid", "rack.listen", "a b", "a\nb"])
    func illegalNames(_ name: String) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        await #expect(throws: PluginServerError.illegalName(name)) {
            _ = try await RunningServer(FakePlugin(), name: name, in: directory)
        }
        #expect(directory.names == [])
    }

    @Test("the longest name works, and one more is refused with its length")
    func longestName() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        // SwiftNIO binds 103 bytes, and a start needs three more than the name.
        let longest = String(repeating: "n", count: 100 - directory.path.utf8.count - 1)
        let running = try await RunningServer(FakePlugin(), name: longest, in: directory)
        #expect(directory.names == [longest, "\(longest).pid"])
        try await running.stop()
        await #expect(
            throws: PluginServerError.pathTooLong(path: directory.file("\(longest)n"), limit: 100)
        ) {
            _ = try await RunningServer(FakePlugin(), name: "\(longest)n", in: directory)
        }
        #expect(directory.names == [])
    }

    @Test("nothing stays when the port is taken, and the error names it")
    func takenPort() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let first = try await RunningServer(
            FakePlugin(), name: "first", in: directory, listen: .tcp(host: "127.0.0.1", port: 0))
        let port = try #require(first.address.split(separator: ":").last.flatMap { Int($0) })
        let error = await #expect(throws: PluginServerError.self) {
            _ = try await RunningServer(
                FakePlugin(), name: "second", in: directory,
                listen: .tcp(host: "127.0.0.1", port: port))
        }
        #expect("\(try #require(error))".hasPrefix("can't listen on 127.0.0.1:\(port): "))
        #expect(directory.names == ["first.listen", "first.pid"])
        try await first.stop()
    }

    @Test("nothing of ours stays when the socket can't be put in its place")
    func unpublished() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        // The name of the private folder is taken by something that we didn't make.
        try "theirs".write(toFile: directory.file(".rack"), atomically: false, encoding: .utf8)
        await #expect(throws: PluginServerError.self) {
            _ = try await RunningServer(FakePlugin(), in: directory)
        }
        #expect(directory.names == [".rack"])
    }

    @Test("a server runs once")
    func runsOnce() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let running = try await RunningServer(FakePlugin(), in: directory)
        await #expect(throws: PluginServerError.alreadyRan) { try await running.server.run() }
        try await running.stop()
    }

    @Test("is no process id written into a file that has another name, nor through a link")
    func planted() async throws {
        for make in [symlink, link] {
            let directory = try TemporaryDirectory()
            defer { directory.remove() }
            try Data("precious".utf8).write(to: URL(fileURLWithPath: directory.file("victim")))
            #expect(make(directory.file("victim"), directory.file("rack.pid")) == 0)
            await #expect(throws: PluginServerError.self) {
                try await RunningServer(FakePlugin(), in: directory)
            }
            #expect(directory.text("victim") == "precious")
        }
    }
}
