import HTTPClient
import TestServer
import Testing

@Suite("A streamed answer", .timeLimit(.minutes(5)))
struct StreamTests {
    let client = HTTPClient()

    private static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

    private static func begin(_ text: String) -> TestReply { .begin(Array(text.utf8)) }

    private static func text(_ bytes: [UInt8]?) -> String? {
        bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("shows its head at once and each piece as it comes")
    func pieces() async throws {
        let server = try TestServer { _ in Self.begin(Self.head) }
        defer { server.stop() }
        let stream = try await client.stream(HTTPRequest(url: server.url))
        #expect(stream.status == 200)
        #expect(stream.headers["content-type"] == "text/event-stream")
        var body = stream.body.makeAsyncIterator()
        for piece in ["data: 1\n\n", "data: 2\n\n"] {
            server.answerHeld(Self.begin(piece))
            #expect(Self.text(try await body.next()) == piece)
        }
        server.answerHeld(.raw("end", close: true))
        #expect(Self.text(try await body.next()) == "end")
        #expect(try await body.next() == nil)
        #expect(try await body.next() == nil)
    }

    @Test("that is an error can be read as a whole, up to a limit")
    func errorStatus() async throws {
        let server = try TestServer { _ in .answer(503, "too many listeners") }
        defer { server.stop() }
        let stream = try await client.stream(HTTPRequest(url: server.url))
        #expect(stream.status == 503)
        #expect(
            Self.text(try await stream.body.collected(maximumBytes: 18)) == "too many listeners")
        let longer = try await client.stream(HTTPRequest(url: server.url))
        let error = await #expect(throws: HTTPError.self) {
            try await longer.body.collected(maximumBytes: 17)
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test("outlasts the request's time once it has begun")
    func longLived() async throws {
        let server = try TestServer { _ in Self.begin(Self.head + "a") }
        defer { server.stop() }
        let stream = try await client.stream(
            HTTPRequest(url: server.url, timeout: .seconds(2)))
        var body = stream.body.makeAsyncIterator()
        #expect(Self.text(try await body.next()) == "a")
        // Another exchange with the same limit runs out of it meanwhile.
        await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(url: server.url, timeout: .seconds(2)))
        }
        server.answerHeld(.raw("b", close: true))
        #expect(Self.text(try await body.next()) == "b")
    }

    @Test("that does not begin in time fails, header or no header")
    func noHead() async throws {
        for reply in [TestReply.hold, Self.begin("HTTP/1.1 200 OK\r\nA: b\r\n")] {
            let server = try TestServer { _ in reply }
            defer { server.stop() }
            let error = await #expect(throws: HTTPError.self) {
                try await client.stream(
                    HTTPRequest(url: server.url, timeout: .seconds(1)))
            }
            #expect(error?.kind == .timeout)
            #expect(error?.mayHaveBeenSent == true)
            await server.wait { $0.closed == [1] }
        }
    }

    @Test("in which the server falls silent for too long fails")
    func silence() async throws {
        let server = try TestServer { _ in Self.begin(Self.head + "a") }
        defer { server.stop() }
        let stream = try await client.stream(
            HTTPRequest(url: server.url, stallTimeout: .milliseconds(50)))
        var body = stream.body.makeAsyncIterator()
        #expect(Self.text(try await body.next()) == "a")
        let error = await #expect(throws: HTTPError.self) { try await body.next() }
        #expect(error?.kind == .timeout)
        #expect(error?.message == "the answer stopped halfway: nothing came for 0.05 seconds")
        #expect(try await body.next() == nil)
    }

    @Test("that breaks off tells what came and then the error")
    func reset() async throws {
        let server = try TestServer { _ in
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", close: true)
        }
        defer { server.stop() }
        let stream = try await client.stream(HTTPRequest(url: server.url))
        var body = stream.body.makeAsyncIterator()
        #expect(Self.text(try await body.next()) == "abc")
        let error = await #expect(throws: HTTPError.self) { try await body.next() }
        #expect(error?.kind == .reset)
    }

    @Test("ends and closes its connection when the reading task is cancelled")
    func cancel() async throws {
        let server = try TestServer { _ in Self.begin(Self.head) }
        defer { server.stop() }
        let stream = try await client.stream(HTTPRequest(url: server.url))
        let task = Task {
            await #expect(throws: HTTPError.self) {
                for try await _ in stream.body {}
            }
        }
        task.cancel()
        #expect(await task.value?.kind == .cancelled)
        await server.wait { $0.closed == [1] }
    }

    @Test("ends and closes its connection when nobody holds it any more")
    func dropped() async throws {
        let server = try TestServer { _ in Self.begin(Self.head) }
        defer { server.stop() }
        _ = try await client.stream(HTTPRequest(url: server.url))
        await server.wait { $0.closed == [1] }
    }

    @Test("fails at shutdown")
    func shutdown() async throws {
        let server = try TestServer { _ in Self.begin(Self.head) }
        defer { server.stop() }
        let client = HTTPClient()
        let stream = try await client.stream(HTTPRequest(url: server.url))
        client.shutdown()
        let error = await #expect(throws: HTTPError.self) {
            for try await _ in stream.body {}
        }
        #expect(error?.kind == .shutdown)
    }

    @Test("makes the server wait for a slow reader and loses nothing")
    func backPressure() async throws {
        // More than the sockets' own buffers hold, so that the server's send blocks.
        let bytes = (0..<(24 << 20)).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let server = try TestServer { _ in .answer(200, bytes: bytes) }
        defer { server.stop() }
        let stream = try await client.stream(
            HTTPRequest(url: server.url, stallTimeout: .seconds(30)),
            maximumBufferedBytes: 64 << 10)
        var body: [UInt8] = []
        var longest = 0
        for try await piece in stream.body {
            longest = max(longest, piece.count)
            body += piece
            await Task.yield()
        }
        #expect(body == bytes)
        #expect(longest <= 64 << 10)
    }
}
