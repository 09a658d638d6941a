import HTTPClient
import TestServer
import Testing

@Suite("Connections", .timeLimit(.minutes(5)))
struct ConnectionTests {
    let client = HTTPClient()

    @Test("are reused by requests that follow each other")
    func reuse() async throws {
        let server = try TestServer { _ in .answer(200, "ok") }
        defer { server.stop() }
        for _ in 0..<20 { _ = try await client.send(HTTPRequest(url: server.url)) }
        #expect(server.log.accepted == 1)
        #expect(server.log.requests.count == 20)
    }

    @Test("beyond the cache's size are closed")
    func cacheSize() async throws {
        let client = HTTPClient(configuration: .init(connectionCacheSize: 2))
        let servers = try (0..<4).map { _ in try TestServer { _ in .answer(200, "ok") } }
        defer { servers.forEach { $0.stop() } }
        for server in servers { _ = try await client.send(HTTPRequest(url: server.url)) }
        // libcurl tells apart by milliseconds which one is idle longest, so it may be any two.
        await withTaskGroup(of: Void.self) { group in
            for server in servers {
                group.addTask { await server.wait { !$0.closed.isEmpty } }
            }
            for _ in 0..<2 { await group.next() }
            group.cancelAll()
        }
        #expect(servers.count { $0.log.closed.isEmpty } == 2)
    }

    @Test("closed by the server while idle are replaced unnoticed", arguments: ["GET", "POST"])
    func staleIdle(method: String) async throws {
        let server = try TestServer { _ in .answer(200, "ok") }
        defer { server.stop() }
        let request = HTTPRequest(method: method, url: server.url, body: method == "GET" ? nil : [])
        _ = try await client.send(request)
        server.closeIdle()
        await server.wait { $0.closed.count == 1 }
        #expect(try await client.send(request).status == 200)
        #expect(server.log.accepted == 2)
    }

    @Test("that break under a GET are replaced and the GET is repeated once")
    func repeatedGET() async throws {
        // The second request ever dies with its connection; the third, its repetition, is answered.
        let server = try TestServer { request in
            request.path == "/dies" && request.connection == 1 ? .close : .answer(200, "ok")
        }
        defer { server.stop() }
        _ = try await client.send(HTTPRequest(url: server.url))
        let response = try await client.send(HTTPRequest(url: server.url + "/dies"))
        #expect(response.status == 200)
        #expect(server.log.lines == ["GET /", "GET /dies", "GET /dies"])
    }

    @Test("that break under a GET again and again fail it")
    func unanswerableGET() async throws {
        let server = try TestServer { $0.path == "/dies" ? .close : .answer(200, "ok") }
        defer { server.stop() }
        _ = try await client.send(HTTPRequest(url: server.url))
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(url: server.url + "/dies"))
        }
        #expect(error?.kind == .reset)
        #expect(server.log.lines == ["GET /", "GET /dies", "GET /dies"])
    }

    @Test(
        "that break under a command don't send it twice", arguments: ["POST", "PATCH", "DELETE"])
    func unrepeatedCommand(method: String) async throws {
        let server = try TestServer { $0.path == "/dies" ? .close : .answer(200, "ok") }
        defer { server.stop() }
        _ = try await client.send(HTTPRequest(url: server.url))
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(
                HTTPRequest(
                    method: method, url: server.url + "/dies", body: method == "DELETE" ? nil : [1])
            )
        }
        #expect(error?.kind == .reset)
        #expect(error?.mayHaveBeenSent == true)
        #expect(server.log.lines == ["GET /", "\(method) /dies"])
    }

    @Test("2,000 at once all get their own answer")
    func many() async throws {
        let server = try TestServer { _ in .hold }
        defer { server.stop() }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<2000 {
                group.addTask { [client] in
                    let response = try await client.send(
                        HTTPRequest(url: server.url + "/\(number)"))
                    return response.status
                }
            }
            await server.wait { $0.inFlight == 2000 }
            server.answerHeld(.answer(200, "ok"))
            for try await status in group { #expect(status == 200) }
        }
        #expect(Set(server.log.requests.map(\.path)).count == 2000)
        #expect(server.log.mostInFlight == 2000)
    }
}
