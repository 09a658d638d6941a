import HTTPClient
import TestServer
import Testing

@Suite("A compressed answer", .timeLimit(.minutes(5)))
struct CompressionTests {
    private let client = HTTPClient()

    private static func gzip(_ bytes: [UInt8], close: Bool = false) -> TestReply {
        .answer(bytes: bytes, headers: ["Content-Encoding": "gzip"], close: close)
    }

    @Test("is not asked for, and unpacked when it comes nevertheless")
    func unpacked() async throws {
        let server = try TestServer { _ in Self.gzip(Gzip.stored(Array("{}".utf8))) }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(url: server.url))
        #expect(String(decoding: response.body, as: UTF8.self) == "{}")
        #expect(server.log.requests[0].headers["accept-encoding"] == nil)
        let asking = HTTPRequest(url: server.url, headers: ["Accept-Encoding": "gzip"])
        #expect(try await client.send(asking).body == response.body)
        #expect(server.log.requests[1].headers["accept-encoding"] == "gzip")
    }

    @Test("is limited by what it unpacks to")
    func bomb() async throws {
        let packed = Gzip.bomb(count: 40_000)
        let server = try TestServer { _ in Self.gzip(packed) }
        defer { server.stop() }
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(url: server.url))
        }
        #expect(packed.count < 100_000)
        #expect(error?.kind == .tooLarge)
        #expect(error?.message == "the body is longer than 8388608 bytes")
    }

    @Test("that does not unpack is malformed")
    func broken() async throws {
        let packed = Gzip.stored(Array("{}".utf8))
        let replies = [
            Self.gzip(Array("{\"a\": 1}".utf8)),
            Self.gzip(packed.dropLast(8) + [UInt8](repeating: 1, count: 8)),
            .answer(200, "{}", headers: ["Content-Encoding": "zip"]),
        ]
        for reply in replies {
            let server = try TestServer { _ in reply }
            defer { server.stop() }
            let error = await #expect(throws: HTTPError.self) {
                try await client.send(HTTPRequest(url: server.url))
            }
            #expect(error?.kind == .malformed)
        }
    }
}
