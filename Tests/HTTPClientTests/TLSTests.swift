import Foundation
import HTTPClient
import TestServer
import Testing

/// Against the `openssl` program as the server; skipped where there is none.
@Suite(
    "TLS", .timeLimit(.minutes(5)),
    .enabled(if: OpenSSLServer.isAvailable, "SKIPPED: this machine has no openssl program to serve")
)
struct TLSTests {
    @Test("refuses a certificate that nobody vouches for, before anything is sent")
    func unknownAuthority() async throws {
        let server = try await OpenSSLServer()
        defer { server.stop() }
        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest(url: server.url))
        }
        #expect(error?.kind == .untrusted)
        #expect(error?.mayHaveBeenSent == false)
    }

    @Test("accepts what the request's authority file vouches for, and resumes the session")
    func session() async throws {
        let server = try await OpenSSLServer()
        defer { server.stop() }
        let client = HTTPClient()
        let request = HTTPRequest(
            url: server.url, trust: .authorities(file: server.certificateFile))
        // s_server closes after each answer, so that each request is a handshake of its own.
        let pages = [try await client.send(request), try await client.send(request)]
            .map { String(decoding: $0.body, as: UTF8.self) }
        #expect(pages[0].contains("New, TLSv1."))
        #expect(pages[1].contains("Reused, TLSv1."))
    }

    @Test("refuses a certificate for another host")
    func otherHost() async throws {
        let server = try await OpenSSLServer(name: "DNS:bmc.example")
        defer { server.stop() }
        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(
                HTTPRequest(url: server.url, trust: .authorities(file: server.certificateFile)))
        }
        #expect(error?.kind == .untrusted)
    }

    @Test("tells a self-signed certificate from others")
    func selfSigned() async throws {
        let server = try await OpenSSLServer()
        defer { server.stop() }
        let client = HTTPClient()
        let request = HTTPRequest(url: server.url)
        let found = try await client.certificate(ofServerFor: request)
        #expect(found.isSelfSigned)
        let pinned = HTTPRequest(url: server.url, trust: .certificate(sha256: found.sha256))
        #expect(try await client.send(pinned).status == 200)
    }

    @Test("refuses what is older than TLS 1.2, which is no broken connection")
    func old() async throws {
        let server = try await OpenSSLServer(
            options: ["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"])
        defer { server.stop() }
        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(
                HTTPRequest(url: server.url, trust: .authorities(file: server.certificateFile)))
        }
        #expect(error?.kind == .tls)
        #expect(error?.message.contains("protocol version") == true)
    }

    @Test("fails against a server that speaks none")
    func plain() async throws {
        let server = try TestServer { _ in .answer() }
        defer { server.stop() }
        let url = "https" + server.url.dropFirst(4)
        // A TLS greeting holds no blank line, so the server waits for more.
        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().send(HTTPRequest(url: url, connectTimeout: .milliseconds(200)))
        }
        #expect(error?.kind == .timeout)
        #expect(error?.mayHaveBeenSent == false)
    }
}
