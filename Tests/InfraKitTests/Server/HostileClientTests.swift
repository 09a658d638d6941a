import Core
import InfraKit
import Testing

@Suite("A client that misbehaves", .timeLimit(.minutes(5)))
struct HostileClientTests {
    private static let hello = #"{"jsonrpc":"2.0","method":"Handshake.Hello","id":1}"#
    private static let long = #"{"jsonrpc":"2.0","method":"Rackpool.Long","id":1}"#

    /// Far more than a socket takes that is not read.
    private static var longAnswers: PluginServer.Configuration {
        var configuration = PluginServer.Configuration()
        let text = String(repeating: "x", count: 1 << 20)
        configuration.additionalMethods["Rackpool.Long"] = { _, _ in .string(text) }
        return configuration
    }

    @Test("by sending byte after byte is hung up on")
    func drips() async throws {
        var configuration = PluginServer.Configuration()
        configuration.requestTimeout = .milliseconds(200)
        try await withServer(FakePlugin(), configuration: configuration) { server, _ in
            try await onThread {
                let connection = try RawConnection(socket: server.address)
                try connection.send(
                    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(1 << 20)\r\n\r\n")
                // Never silent, and never done.
                #expect(throws: RawConnection.Failure.self) {
                    while true { try connection.send(" ") }
                }
            }
        }
    }

    @Test("by reading no answer is hung up on, and what it is owed is dropped")
    func neverReads() async throws {
        var configuration = Self.longAnswers
        configuration.answerTimeout = .milliseconds(200)
        try await withServer(FakePlugin(), configuration: configuration) { server, _ in
            try await onThread {
                let connection = try RawConnection(socket: server.address)
                try connection.post(Self.long)
                try connection.waitForHangUp()
            }
        }
    }

    @Test("by a head without an end is hung up on", arguments: ["GET /", "GET / HTTP/1.1\r\nX: "])
    func endlessHead(_ begin: String) async throws {
        try await withServer(FakePlugin()) { server, _ in
            try await onThread {
                let connection = try RawConnection(socket: server.address)
                let line = String(repeating: "x", count: 10_000)
                #expect(throws: RawConnection.Failure.self) {
                    try connection.send(begin)
                    for _ in 0..<1000 { try connection.send(line) }
                }
            }
        }
    }

    @Test("by what it says is told so, and served on")
    func nonsense() async throws {
        let bodies: [([UInt8], Int)] = [
            (Array(String(repeating: "[", count: 1_000_000).utf8), -32700),
            (Array(String(repeating: #"{"a":"#, count: 100_000).utf8), -32700),
            ([0xFF, 0xFE] + Array(Self.hello.utf8), -32700),
            (
                Array(#"{"jsonrpc":"2.0","method":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8),
                -32700
            ),
            (Array(#"{"jsonrpc":"2.0","method":"a","method":"b","id":1}"#.utf8), -32700),
            (Array(#"{"jsonrpc":"2.0","method":"Handshake.Hello","id":1.5}"#.utf8), -32600),
            (Array(#"{"jsonrpc":"2.0","method":"Handshake.Hello","id":true}"#.utf8), -32600),
            (Array(#"{"jsonrpc":"2.0","method":"Handshake.Hello","id":[]}"#.utf8), -32600),
            (Array(#"{"jsonrpc":"2.0","method":"Handshake.Hello","id":{}}"#.utf8), -32600),
            (
                Array(
                    #"{"jsonrpc":"2.0","method":"Handshake.Hello","id":9223372036854775808}"#.utf8),
                -32700
            ),
            // A value takes three bytes here, and hundreds as a tree.
            (Array(("[{}" + String(repeating: ",{}", count: 300_000) + "]").utf8), -32700),
            (
                Array(
                    (Self.hello.dropLast() + #","params":[{}"#
                        + String(repeating: ",{}", count: 60_000) + "]}").utf8), -32700
            ),
            ([], -32700),
            (Array("\0".utf8), -32700),
        ]
        try await withServer(FakePlugin()) { server, _ in
            let (codes, after) = try await onThread {
                let connection = try RawConnection(socket: server.address)
                let codes = try bodies.map { body, _ in
                    try connection.post(body)
                    return try JSON(parsing: try connection.answer().body)["error"]?["code"]?
                        .integer
                }
                return (codes, try connection.call(Self.hello).status)
            }
            #expect(codes == bodies.map { Int64($0.1) })
            #expect(after == 200)
        }
    }

    @Test("costs a thousand others nothing")
    func neighbours() async throws {
        raiseOpenFileLimit()
        let count = 1000
        var configuration = Self.longAnswers
        // On a starved machine none of them is to be hung up on meanwhile.
        configuration.requestTimeout = .seconds(280)
        configuration.answerTimeout = .seconds(280)
        try await withServer(FakePlugin(), configuration: configuration) { server, _ in
            let ids = try await onThread {
                let drips = try (0..<50).map { _ in try RawConnection(socket: server.address) }
                for connection in drips {
                    try connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{")
                }
                let deaf = try (0..<10).map { _ in try RawConnection(socket: server.address) }
                for connection in deaf {
                    for _ in 0..<3 { try connection.post(Self.long) }
                }
                let silent = try (0..<50).map { _ in try RawConnection(socket: server.address) }
                let others = try (0..<count).map { id in
                    let connection = try RawConnection(socket: server.address)
                    try connection.post(
                        #"{"jsonrpc":"2.0","method":"Instance.Provision","params":{},"id":\#(id)}"#)
                    return connection
                }
                let ids = try others.map { try JSON(parsing: try $0.answer().body)["id"] }
                // They are still there, and would be answered if they did their part.
                try drips[0].send(String(repeating: " ", count: 8))
                #expect(try drips[0].answer().status == 200)
                #expect(try silent[0].call(Self.hello).status == 200)
                #expect(try deaf[0].answer().status == 200)
                return ids
            }
            #expect(ids == (0..<count).map { JSON($0) })
        }
    }

    @Test("by a thousand requests at once is answered one after the other")
    func pipelined() async throws {
        try await withServer(FakePlugin()) { server, _ in
            let connection = try RawConnection(socket: server.address)
            async let sent: Void = onThread {
                for id in 0..<1000 {
                    try connection.post(
                        #"{"jsonrpc":"2.0","method":"Handshake.Hello","id":\#(id)}"#)
                }
            }
            let ids = try await onThread {
                try (0..<1000).map { _ in try JSON(parsing: try connection.answer().body)["id"] }
            }
            try await sent
            #expect(ids == (0..<1000).map { JSON($0) })
        }
    }
}
