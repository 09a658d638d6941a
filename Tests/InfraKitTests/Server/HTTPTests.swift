import Core
import InfraKit
import Testing

@Suite("Over HTTP", .timeLimit(.minutes(5)))
struct HTTPTests {
    private let hello = #"{"jsonrpc":"2.0","method":"Handshake.Hello","params":{},"id":1}"#

    @Test("a call is answered 200 as JSON, under its id")
    func call() async throws {
        try await withServer(FakePlugin()) { server, _ in
            let answer = try await onThread {
                try RawConnection(socket: server.address).call(
                    #"{"jsonrpc":"2.0","method":"Handshake.Hello","id":9223372036854775807}"#)
            }
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
            #expect(
                answer.text
                    == #"{"jsonrpc":"2.0","result":{"Objects":{"Instance/0.6.1":[{"Name":".","ProxyFor":""}]}},"id":9223372036854775807}"#
            )
        }
    }

    @Test("an error of whatever kind is answered 200")
    func errors() async throws {
        try await withServer(FakePlugin()) { server, _ in
            let answers = try await onThread {
                let connection = try RawConnection(socket: server.address)
                return try [
                    "nonsense", #"{"jsonrpc":"1.0","method":"Handshake.Hello","id":1}"#,
                    #"{"jsonrpc":"2.0","method":"Instance.Nope","id":1}"#,
                    #"{"jsonrpc":"2.0","method":"Instance.Destroy","params":{"Instance":"x"},"id":1}"#,
                ].map { try connection.call($0) }
            }
            #expect(answers.map(\.status) == [200, 200, 200, 200])
            let codes = try answers.map { try JSON(parsing: $0.body)["error"]?["code"] }
            #expect(codes == [-32700, -32600, -32000, -32000])
        }
    }

    @Test(
        "only JSON is taken",
        arguments: [
            ("application/json", 200), ("application/json; charset=utf-8", 200),
            ("Application/JSON ;charset=utf-8", 200), (nil, 200), ("text/plain", 415), ("", 415),
            ("application/json-rpc", 415), ("application/x-www-form-urlencoded", 415),
        ] as [(String?, Int)])
    func contentTypes(_ type: String?, _ status: Int) async throws {
        try await withServer(FakePlugin()) { [hello] server, _ in
            let answer = try await onThread {
                try RawConnection(socket: server.address).call(hello, contentType: type)
            }
            #expect(answer.status == status)
        }
    }

    @Test(
        "other methods and paths are refused",
        arguments: [
            ("GET /", 405), ("PUT /", 405), ("DELETE /", 405), ("POST /info/api.json", 405),
            ("GET /info/api.json", 200), ("GET /info/functions.json", 200), ("GET /info", 404),
            ("GET /nowhere", 404), ("POST /nowhere", 404), ("GET /events?topic=/", 404),
        ])
    func methodsAndPaths(_ line: String, _ status: Int) async throws {
        try await withServer(FakePlugin()) { server, _ in
            let answer = try await onThread {
                let connection = try RawConnection(socket: server.address)
                try connection.send("\(line) HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
                return try connection.answer()
            }
            #expect(answer.status == status)
            #expect((answer.headers["allow"] != nil) == (status == 405))
        }
    }

    @Test("the information pages are JSON")
    func information() async throws {
        try await withServer(FakePlugin(exampleProperties: ["Rack": "r1"])) { server, _ in
            let (api, functions) = try await onThread {
                let connection = try RawConnection(socket: server.address)
                try connection.send("GET /info/api.json HTTP/1.1\r\nHost: h\r\n\r\n")
                let api = try connection.answer()
                try connection.send("GET /info/functions.json HTTP/1.1\r\nHost: h\r\n\r\n")
                return (api, try connection.answer())
            }
            let provision = try JSON(parsing: api.body)["Interfaces"]?[0]?["Methods"]?[3]?[
                "Request"]
            #expect(provision?["params"]?["Spec"]?["Properties"] == ["Rack": "r1"])
            #expect(functions.text == "{}")
        }
    }

    @Test("a body beyond the limit is answered 413, whether its length is told or not")
    func tooLarge() async throws {
        var configuration = PluginServer.Configuration()
        configuration.maximumBodySize = 1000
        try await withServer(FakePlugin(), configuration: configuration) { [hello] server, _ in
            let statuses = try await onThread {
                let fits = hello + String(repeating: " ", count: 1000 - hello.utf8.count)
                let connection = try RawConnection(socket: server.address)
                let exact = try connection.call(fits).status
                let over = try connection.call(fits + " ").status
                try connection.send(
                    "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "3e8\r\n\(fits)\r\n1\r\n \r\n0\r\n\r\n")
                let chunked = try connection.answer().status
                return [exact, over, chunked, try connection.call(hello).status]
            }
            #expect(statuses == [200, 413, 413, 200])
        }
    }

    @Test("the limit is 1 MiB unless told otherwise")
    func standardLimit() async throws {
        try await withServer(FakePlugin()) { [hello] server, _ in
            let statuses = try await onThread {
                let fits = hello + String(repeating: " ", count: 1 << 20 - hello.utf8.count)
                return [
                    try RawConnection(socket: server.address).call(fits).status,
                    try RawConnection(socket: server.address).call(fits + " ").status,
                ]
            }
            #expect(statuses == [200, 413])
        }
    }

    @Test("a notification is answered 200 with an empty body")
    func notification() async throws {
        let plugin = FakePlugin()
        try await withServer(plugin) { server, _ in
            let answer = try await onThread {
                try RawConnection(socket: server.address).call(
                    #"{"jsonrpc":"2.0","method":"Instance.Provision","params":{"Spec":{}}}"#)
            }
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
            #expect(await plugin.instances.count == 1)
        }
    }

    @Test("10 idle connections, as Go's client holds them, all serve on")
    func keepAlive() async throws {
        try await withServer(FakePlugin()) { [hello] server, _ in
            let statuses = try await onThread {
                let connections = try (0..<10).map { _ in try RawConnection(socket: server.address)
                }
                return try (0..<3).flatMap { _ in try connections.map { try $0.call(hello).status }
                }
            }
            #expect(statuses == Array(repeating: 200, count: 30))
        }
    }

    @Test("pipelined calls are answered in their order")
    func pipelining() async throws {
        try await withServer(FakePlugin()) { server, _ in
            let ids = try await onThread {
                let connection = try RawConnection(socket: server.address)
                for id in 0..<20 {
                    try connection.post(
                        #"{"jsonrpc":"2.0","method":"Instance.Provision","params":{},"id":\#(id)}"#)
                }
                return try (0..<20).map { _ in try JSON(parsing: try connection.answer().body) }
            }
            #expect(ids.map { $0["id"] } == (0..<20).map { JSON($0) })
            #expect(ids.last?["result"]?["ID"] == "fake-20")
        }
    }

    @Test("a connection that is silent in the middle of a request is closed")
    func slowSender() async throws {
        var configuration = PluginServer.Configuration()
        configuration.idleTimeout = .milliseconds(50)
        try await withServer(FakePlugin(), configuration: configuration) { server, _ in
            let closed = try await onThread {
                let connection = try RawConnection(socket: server.address)
                try connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n{")
                return try connection.isClosed()
            }
            #expect(closed)
        }
    }
}
