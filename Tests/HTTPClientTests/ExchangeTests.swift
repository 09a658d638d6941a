import HTTPClient
import TestServer
import Testing

@Suite("An exchange", .timeLimit(.minutes(5)))
struct ExchangeTests {
    let client = HTTPClient()

    @Test("returns status, headers and body, whatever the status")
    func answer() async throws {
        let server = try TestServer { _ in
            .answer(418, "short and stout", headers: ["X-Pot": "tea"])
        }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(url: server.url + "/pot"))
        #expect(response.status == 418)
        #expect(String(decoding: response.body, as: UTF8.self) == "short and stout")
        #expect(response.headers["x-pot"] == "tea")
        #expect(server.log.lines == ["GET /pot"])
    }

    @Test("sends method, body and headers as given, and none of libcurl's own making")
    func request() async throws {
        let server = try TestServer { _ in .answer(204) }
        defer { server.stop() }
        for method in ["POST", "PATCH", "PUT"] {
            let request = HTTPRequest(
                method: method, url: server.url, headers: ["X-One": "1", "X-Empty": ""],
                body: Array("{}".utf8))
            #expect(try await client.send(request).status == 204)
        }
        let requests = server.log.requests
        #expect(requests.map(\.method) == ["POST", "PATCH", "PUT"])
        for request in requests {
            #expect(request.text == "{}")
            #expect(request.headers["x-one"] == "1")
            #expect(request.headers["x-empty"] == "")
            #expect(request.headers["content-type"] == nil)
            #expect(request.headers["expect"] == nil)
        }
    }

    @Test("sends an empty body as one of no bytes, and a large one without waiting for leave")
    func bodySizes() async throws {
        let server = try TestServer { .answer(200, "\($0.body.count)") }
        defer { server.stop() }
        for size in [0, 3 << 20] {
            let body = [UInt8](repeating: 7, count: size)
            let response = try await client.send(
                HTTPRequest(method: "POST", url: server.url, body: body))
            #expect(String(decoding: response.body, as: UTF8.self) == "\(size)")
        }
        #expect(server.log.requests[0].headers["content-length"] == "0")
        #expect(server.log.requests.allSatisfy { $0.headers["expect"] == nil })
    }

    @Test("sends no body with DELETE, and reads none of HEAD")
    func bodiless() async throws {
        let server = try TestServer { request in
            request.method == "HEAD"
                ? .raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") : .answer(204)
        }
        defer { server.stop() }
        #expect(try await client.send(HTTPRequest(method: "DELETE", url: server.url)).status == 204)
        let head = try await client.send(HTTPRequest(method: "HEAD", url: server.url))
        #expect(head.headers["content-length"] == "5")
        #expect(head.body.isEmpty)
    }

    @Test("compares header names without regard to case and keeps repeated ones")
    func headers() async throws {
        let server = try TestServer { _ in
            .raw("HTTP/1.1 200 OK\r\neTaG: \"1\"\r\nA: x\r\na: y\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        let headers = try await client.send(HTTPRequest(url: server.url)).headers
        #expect(headers["ETag"] == "\"1\"")
        #expect(headers.values("A") == ["x", "y"])
        #expect(headers["B"] == nil)
    }

    @Test("reads a chunked body and leaves out the trailer and the header before it")
    func chunked() async throws {
        let server = try TestServer { _ in
            .raw(
                "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n")
        }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(url: server.url))
        #expect(String(decoding: response.body, as: UTF8.self) == "abcde")
        #expect(response.headers["X-Trailer"] == nil)
        #expect(response.headers["X-Early"] == nil)
    }

    @Test("does not follow a redirect")
    func redirect() async throws {
        let server = try TestServer { _ in .answer(301, headers: ["Location": "/elsewhere"]) }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(url: server.url))
        #expect(response.status == 301)
        #expect(response.headers["location"] == "/elsewhere")
        #expect(server.log.requests.count == 1)
    }

    @Test("reaches a server on a Unix socket")
    func unixSocket() async throws {
        let path = "/tmp/rackpool-\(UInt64.random(in: 0 ... .max)).sock"
        let server = try TestServer(unixSocketPath: path) { .answer(200, $0.path) }
        defer {
            server.stop()
            removeFile(path)
        }
        let response = try await client.send(
            HTTPRequest(url: "http://localhost/over", unixSocketPath: path))
        #expect(String(decoding: response.body, as: UTF8.self) == "/over")
    }

    @Test("sends Basic credentials with the first request")
    func credentials() async throws {
        let server = try TestServer { _ in .answer() }
        defer { server.stop() }
        _ = try await client.send(
            HTTPRequest(
                url: server.url,
                basicCredentials: HTTPCredentials(user: "admin", password: "s:cret")))
        #expect(server.log.requests[0].headers["authorization"] == "Basic YWRtaW46czpjcmV0")
    }
}
