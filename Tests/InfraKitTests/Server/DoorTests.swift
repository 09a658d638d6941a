import Core
import Foundation
import InfraKit
import Testing

@Suite("The door on TCP", .timeLimit(.minutes(5)))
struct DoorTests {
    static let secret = "0123456789abcdef0123456789abcdef"
    private static let hello = #"{"jsonrpc":"2.0","method":"Handshake.Hello","id":1}"#
    private static let json = "Content-Type: application/json"

    /// One request, and what comes of it.
    struct Knock: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var line = "POST / HTTP/1.1"
        let fields: [String]
        let status: Int

        init(_ name: String, _ fields: [String], _ status: Int) {
            testDescription = name
            self.fields = fields
            self.status = status
        }

        init(_ name: String, line: String, _ fields: [String], _ status: Int) {
            self.init(name, fields, status)
            self.line = line
        }
    }

    private static func server(
        _ directory: TemporaryDirectory, token: String? = nil,
        _ change: (inout PluginServer.Configuration) -> Void = { _ in }
    ) async throws -> RunningServer {
        var configuration = PluginServer.Configuration()
        configuration.hostNames = ["Metal.example"]
        configuration.token = try token.map { try ListenToken($0) }
        change(&configuration)
        return try await RunningServer(
            FakePlugin(), in: directory, listen: .tcp(host: "127.0.0.1", port: 0),
            configuration: configuration)
    }

    private static func answer(_ knock: Knock, at address: String) throws -> RawConnection.Answer {
        let port = try #require(Int(address.split(separator: ":").last ?? ""))
        let connection = try RawConnection(loopbackPort: port)
        let body = knock.line.hasPrefix("POST") ? hello : ""
        let fields = knock.fields + ["Content-Length: \(body.utf8.count)"]
        try connection.send(
            ([knock.line] + fields).map { $0 + "\r\n" }.joined() + "\r\n" + body)
        let answer = try connection.answer()
        if answer.status != 200 { #expect(try connection.isClosed()) }
        return answer
    }

    @Test(
        "lets in who speaks as InfraKit does, and no web page",
        arguments: [
            Knock("as InfraKit's client", ["Host: 127.0.0.1:24864", json], 200),
            Knock("another address", ["Host: 10.1.2.3", json], 200),
            Knock("an IPv6 address", ["Host: [fd00::1]:24864", json], 200),
            Knock("a name that was given", ["Host: metal.EXAMPLE:24864", json], 200),
            Knock(
                "a charset", ["Host: 127.0.0.1", "Content-Type: application/json; charset=utf-8"],
                200),
            Knock(
                "what there is to read", line: "GET /info/api.json HTTP/1.1", ["Host: 127.0.0.1"],
                200),
            // What a browser sends for `fetch(url, {method: "POST", mode: "no-cors", body})`, with a
            // body of a Blob without a type, a string, or a form.
            Knock(
                "a page's no-cors POST without a type",
                ["Host: 127.0.0.1", "Origin: http://evil.example", "Sec-Fetch-Site: cross-site"],
                403),
            Knock(
                "a page's text", ["Host: 127.0.0.1", "Origin: null", "Content-Type: text/plain"],
                403),
            Knock("a page of our own", ["Host: 127.0.0.1", "Origin: http://127.0.0.1", json], 403),
            Knock("an older browser", ["Host: 127.0.0.1", "Sec-Fetch-Site: none", json], 403),
            Knock("no type", ["Host: 127.0.0.1"], 415),
            Knock(
                "a form's type",
                ["Host: 127.0.0.1", "Content-Type: application/x-www-form-urlencoded"], 415),
            Knock("two types", ["Host: 127.0.0.1", json, "Content-Type: text/plain"], 415),
            Knock("a name that has our address", ["Host: evil.example:24864", json], 403),
            Knock(
                "such a name, to read", line: "GET /info/api.json HTTP/1.1", ["Host: evil.example"],
                403),
            Knock("a name that begins as an address", ["Host: 127.0.0.1.evil.example", json], 403),
            Knock("no host", [json], 400),
            Knock("two hosts", ["Host: 127.0.0.1", "Host: evil.example", json], 400),
            Knock("an empty host", ["Host:", json], 400),
            Knock("a host with a user", ["Host: 127.0.0.1:80@evil.example", json], 400),
            Knock(
                "a target with a host of its own", line: "POST http://127.0.0.1/ HTTP/1.1",
                ["Host: 127.0.0.1", json], 400),
            Knock("HTTP/1.0 without a host", line: "POST / HTTP/1.0", [json], 400),
        ])
    func knocks(_ knock: Knock) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let server = try await Self.server(directory)
        let answer = try await onThread { try Self.answer(knock, at: server.address) }
        #expect(answer.status == knock.status, "\(answer.text)")
        #expect(answer.headers["access-control-allow-origin"] == nil)
        try await server.stop()
    }

    @Test(
        "with a token lets in who shows it",
        arguments: [
            ("Authorization: Bearer \(secret)", 200), ("Authorization: bearer \(secret)", 200),
            ("Authorization: Bearer \(secret)x", 401), ("Authorization: Bearer ", 401),
            ("Authorization: Bearer \(secret.dropLast())", 401), ("Authorization: \(secret)", 401),
            ("Authorization: Basic \(secret)", 401), ("X-Auth-Token: \(secret)", 401),
            ("Authorization: Bearer \(secret)\r\nAuthorization: Bearer \(secret)", 401),
        ])
    func token(_ field: String, _ status: Int) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let server = try await Self.server(directory, token: Self.secret)
        for line in ["POST / HTTP/1.1", "GET /info/api.json HTTP/1.1"] {
            let knock = Knock("", line: line, ["Host: 127.0.0.1", Self.json, field], status)
            let answer = try await onThread { try Self.answer(knock, at: server.address) }
            #expect(answer.status == status)
            #expect((answer.headers["www-authenticate"] == "Bearer") == (status == 401))
        }
        try await server.stop()
    }

    @Test("keeps nothing of the body of a request that it refuses")
    func refusedBody() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let server = try await Self.server(directory)
        let port = try #require(Int(server.address.split(separator: ":").last ?? ""))
        try await onThread {
            let connection = try RawConnection(loopbackPort: port)
            try connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n")
            #expect(try connection.answer().status == 403)
            // What would be read on is as much as of a head.
            #expect(throws: RawConnection.Failure.self) {
                while true { try connection.send([UInt8](repeating: 32, count: 1000)) }
            }
        }
        try await server.stop()
    }

    @Test("does not mix its refusal with answers that are due")
    func pipelined() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let gate = Gate()
        var configuration = PluginServer.Configuration()
        configuration.additionalMethods["Rackpool.Wait"] = { _, _ in
            await gate.enter()
            return "waited"
        }
        let server = try await RunningServer(
            FakePlugin(), in: directory, listen: .tcp(host: "127.0.0.1", port: 0),
            configuration: configuration)
        let port = try #require(Int(server.address.split(separator: ":").last ?? ""))
        let body = #"{"jsonrpc":"2.0","method":"Rackpool.Wait","id":1}"#
        let isClosed = try await onThread {
            let connection = try RawConnection(loopbackPort: port)
            try connection.send(
                "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\(Self.json)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                    + body + "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            return try connection.isClosed()
        }
        #expect(isClosed)
        await gate.open()
        try await server.stop()
    }

    @Test("is not opened to other machines without a token")
    func open() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        for host in ["0.0.0.0", "::", "192.0.2.1", "metal.example"] {
            await #expect(throws: PluginServerError.openToAll(host: host)) {
                _ = try await RunningServer(
                    FakePlugin(), in: directory, listen: .tcp(host: host, port: 0))
            }
        }
        #expect(directory.names.isEmpty)
        var configuration = PluginServer.Configuration()
        configuration.token = try ListenToken(Self.secret)
        let server = try await RunningServer(
            FakePlugin(), in: directory, listen: .tcp(host: "0.0.0.0", port: 0),
            configuration: configuration)
        try await server.stop()
    }

    @Test("says that it turned somebody away, and not each time")
    func told() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (logger, lines) = RecordingLogHandler.logger()
        let server = try await RunningServer(
            FakePlugin(), in: directory, listen: .tcp(host: "127.0.0.1", port: 0), logger: logger)
        for _ in 0..<5 {
            let knock = Knock("", ["Host: evil.example"], 403)
            _ = try await onThread { try Self.answer(knock, at: server.address) }
        }
        let told = lines.all.filter { $0.hasPrefix("warning turned away over TCP") }
        #expect(told.count == 1)
        #expect(told.first?.contains("from 127.0.0.1: 403 the Host is neither") == true)
        try await server.stop()
    }
}
