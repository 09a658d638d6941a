import HTTPClient
import TestServer
import Testing

@Suite("A failed exchange", .timeLimit(.minutes(5)))
struct FailureTests {
    let client = HTTPClient()

    private func failure(_ request: HTTPRequest) async -> HTTPError? {
        await #expect(throws: HTTPError.self) { try await client.send(request) }
    }

    @Test("cancelled by its task closes the connection")
    func cancel() async throws {
        let server = try TestServer { _ in .hold }
        defer { server.stop() }
        let request = HTTPRequest(method: "POST", url: server.url, body: [])
        let task = Task { [client] in
            await #expect(throws: HTTPError.self) { try await client.send(request) }
        }
        await server.wait { $0.inFlight == 1 }
        task.cancel()
        let error = await task.value
        #expect(error?.kind == .cancelled)
        #expect(error?.mayHaveBeenSent == true)
        await server.wait { $0.closed == [1] }
    }

    @Test("cancelled before it began sends nothing")
    func cancelledBefore() async throws {
        let server = try TestServer { _ in .answer() }
        defer { server.stop() }
        let request = HTTPRequest(url: server.url)
        let error = await Task { [client] in
            withUnsafeCurrentTask { $0?.cancel() }
            return await #expect(throws: HTTPError.self) { try await client.send(request) }
        }.value
        #expect(error?.kind == .cancelled)
        #expect(error?.mayHaveBeenSent == false)
        #expect(server.log.requests.isEmpty)
    }

    @Test("cancelled at any moment ends, 500 times over")
    func cancelAnytime() async throws {
        let server = try TestServer { _ in .answer(200, "ok") }
        defer { server.stop() }
        let request = HTTPRequest(url: server.url)
        await withTaskGroup(of: Void.self) { group in
            for round in 0..<500 {
                let task = Task { [client] in try await client.send(request).status }
                group.addTask {
                    for _ in 0..<(round % 50) { await Task.yield() }
                    task.cancel()
                    switch await task.result {
                    case .success(let status): #expect(status == 200)
                    case .failure(let error): #expect((error as? HTTPError)?.kind == .cancelled)
                    }
                }
            }
        }
    }

    @Test("by time says so, and that the request was sent")
    func timeout() async throws {
        let server = try TestServer { _ in .hold }
        defer { server.stop() }
        let error = await failure(HTTPRequest(url: server.url, timeout: .seconds(1)))
        #expect(error?.kind == .timeout)
        #expect(error?.mayHaveBeenSent == true)
        await server.wait { $0.closed == [1] }
    }

    @Test("for want of a listener says refused and where, and that nothing was sent")
    func refused() async throws {
        // Bound but not listening, so nobody else can take the port meanwhile.
        let port = try DeafPort()
        let error = await failure(HTTPRequest(url: "http://127.0.0.1:\(port.number)/x"))
        #expect(error?.kind == .connect)
        #expect(error?.mayHaveBeenSent == false)
        #expect(
            error?.message
                == "no connection to http://127.0.0.1:\(port.number): Connection refused")
    }

    @Test("for want of a Unix socket names its path")
    func noUnixSocket() async {
        let path = "/tmp/rackpool-\(UInt64.random(in: 0 ... .max)).sock"
        let error = await failure(HTTPRequest(url: "http://localhost", unixSocketPath: path))
        #expect(error?.kind == .connect)
        #expect(error?.message == "no connection to \(path): No such file or directory")
    }

    @Test("for want of a host says so")
    func unknownHost() async {
        let error = await failure(HTTPRequest(url: "http://no-such-host.invalid/"))
        #expect(error?.kind == .resources)
        #expect(error?.message.contains("no-such-host.invalid") == true)
    }

    @Test("by a body longer than allowed, announced or not", arguments: [true, false])
    func tooLargeBody(announced: Bool) async throws {
        let body = [UInt8](repeating: 65, count: 4096)
        let server = try TestServer { _ in
            announced
                ? .answer(200, bytes: body)
                : .bytes(Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + body, close: true)
        }
        defer { server.stop() }
        let error = await failure(HTTPRequest(url: server.url, maximumBodyBytes: 4095))
        #expect(error?.kind == .tooLarge)
        #expect(error?.message == "the body is longer than 4095 bytes")
        let whole = try await client.send(HTTPRequest(url: server.url, maximumBodyBytes: 4096))
        #expect(whole.body == body)
    }

    @Test("by a header longer than allowed")
    func tooLargeHeader() async throws {
        let server = try TestServer { _ in
            .answer(headers: ["X-Long": String(repeating: "x", count: 2000)])
        }
        defer { server.stop() }
        let error = await failure(HTTPRequest(url: server.url, maximumHeaderBytes: 1000))
        #expect(error?.kind == .tooLarge)
        #expect(error?.message == "the header is longer than 1000 bytes")
    }

    @Test("by a body cut short")
    func truncated() async throws {
        let server = try TestServer { _ in
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", close: true)
        }
        defer { server.stop() }
        let error = await failure(HTTPRequest(url: server.url))
        #expect(error?.kind == .reset)
        #expect(error?.mayHaveBeenSent == true)
    }

    @Test("by a connection closed without an answer")
    func empty() async throws {
        let server = try TestServer { _ in .close }
        defer { server.stop() }
        let error = await failure(HTTPRequest(method: "POST", url: server.url, body: []))
        #expect(error?.kind == .reset)
        #expect(error?.mayHaveBeenSent == true)
        #expect(server.log.requests.count == 1)
    }

    @Test(
        "by an answer that is no HTTP/1",
        arguments: [
            "\u{0}\u{1}\u{2}garbage\r\n\r\n", "SSH-2.0-OpenSSH\r\n", "HTTP/9.9 wat\r\n\r\n",
        ]
    )
    func garbage(answer: String) async throws {
        let server = try TestServer { _ in .raw(answer, close: true) }
        defer { server.stop() }
        #expect(await failure(HTTPRequest(url: server.url))?.kind == .malformed)
    }

    @Test(
        "by a request that cannot be sent leaves the network alone",
        arguments: [
            HTTPRequest(url: "ftp://127.0.0.1/"),
            HTTPRequest(url: "file:///etc/passwd"),
            HTTPRequest(url: "http://"),
            HTTPRequest(url: "http://user:hunter2@127.0.0.1/"),
            HTTPRequest(url: "http://127.0.0.1/a b"),
            HTTPRequest(url: "http://127.0.0.1/\r\nX: y"),
            HTTPRequest(method: "GET /x", url: "http://127.0.0.1/"),
            HTTPRequest(url: "http://127.0.0.1/", headers: ["X": "a\r\nY: b"]),
            HTTPRequest(url: "http://127.0.0.1/", headers: ["X Y": "a"]),
            HTTPRequest(
                url: "http://127.0.0.1/",
                basicCredentials: HTTPCredentials(user: "a:b", password: "hunter2")),
        ])
    func invalid(request: HTTPRequest) async {
        let error = await failure(request)
        #expect(error?.kind == .invalidRequest)
        #expect(error?.mayHaveBeenSent == false)
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }

    @Test("by shutdown aborts what runs and refuses what comes later")
    func shutdown() async throws {
        let server = try TestServer { _ in .hold }
        defer { server.stop() }
        let client = HTTPClient()
        let request = HTTPRequest(url: server.url)
        let task = Task {
            await #expect(throws: HTTPError.self) { try await client.send(request) }
        }
        await server.wait { $0.inFlight == 1 }
        client.shutdown()
        #expect(await task.value?.kind == .shutdown)
        await server.wait { $0.closed == [1] }
        let later = await #expect(throws: HTTPError.self) { try await client.send(request) }
        #expect(later?.kind == .shutdown)
        #expect(later?.mayHaveBeenSent == false)
    }
}
