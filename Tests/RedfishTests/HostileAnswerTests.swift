import Core
import Redfish
import TestServer
import Testing

@Suite("A BMC's broken answer", .timeLimit(.minutes(5)))
struct HostileAnswerTests {
    /// One way to break an answer, and what comes of it.
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let reply: TestReply
        let kind: ProviderError.Kind
        let message: String

        init(
            _ name: String, _ reply: TestReply, _ kind: ProviderError.Kind, _ message: String
        ) {
            testDescription = name
            self.reply = reply
            self.kind = kind
            self.message = message
        }
    }

    private static func head(_ fields: String...) -> String {
        "HTTP/1.1 200 OK\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private static func body(_ bytes: [UInt8]) -> TestReply {
        .answer(bytes: bytes, headers: ["Content-Type": "application/json"])
    }

    private static let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
    private static let latin1 = Array(#"{"Name": "K"#.utf8) + [0xFC] + Array(#"hlung"}"#.utf8)
    private static let utf16: [UInt8] = [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]

    private static let table: [Case] = [
        Case(
            "a body cut short", .raw(head("Content-Length: 100") + "{", close: true), .unreachable,
            "transfer closed with 99 bytes remaining to read"),
        Case(
            "a Content-Length too small", .raw(head("Content-Length: 5") + #"{"a": 1}"#),
            .malformed, "the body is no JSON (line 1, column"),
        Case(
            "a Content-Length that is no number", .raw(head("Content-Length: x") + "{}"),
            .malformed, "Invalid Content-Length: value"),
        Case(
            "a chunk that ends early",
            .raw(head("Transfer-Encoding: chunked") + "9\r\n{", close: true), .unreachable,
            "transfer closed with outstanding read data remaining"),
        Case(
            "chunks that are none", .raw(head("Transfer-Encoding: chunked") + "{}\r\n"), .malformed,
            "Illegal or missing hexadecimal sequence in chunked-encoding"),
        Case(
            "a chunk longer than any",
            .raw(head("Transfer-Encoding: chunked") + "FFFFFFFFFFFFFFFFFFFF\r\n{}"), .malformed,
            "Too long hexadecimal number in chunked-encoding"),
        Case(
            "what claims to be compressed",
            .answer(200, "{}", headers: ["Content-Encoding": "gzip"]), .malformed,
            "Error while processing content unencoding: incorrect header check"),
        Case(
            "compressed data that swells",
            .answer(bytes: Gzip.bomb(count: 40_000), headers: ["Content-Encoding": "gzip"]),
            .malformed, "the body is longer than 2097152 bytes"),
        Case(
            "a body that announces more than is allowed",
            .raw(head("Content-Length: 99999999999")), .malformed,
            "the body is longer than 2097152 bytes"),
        Case(
            "a huge error page", .answer(400, bytes: [UInt8](repeating: 65, count: 9 << 20)),
            .malformed, "400, and the body is longer than 2097152 bytes"),
        Case(
            "an endless header",
            .raw("HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 20_000)),
            .malformed, "the header is longer than 65536 bytes"),
        Case(
            "a header line that does not end",
            .raw("HTTP/1.1 200 OK\r\nA: " + String(repeating: "b", count: 200_000)),
            .malformed, "the header is longer than 65536 bytes"),
        Case(
            "leave to go on without end",
            .raw(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 4000)), .malformed,
            "the header is longer than 65536 bytes"),
        Case(
            "another protocol", .raw("SSH-2.0-dropbear\r\n", close: true), .malformed,
            "the answer is no HTTP/1.1"),
        Case(
            "a reset before the first byte", .reset([]), .unreachable,
            "Recv failure: Connection reset by peer"),
        Case(
            "a reset in the status line", .reset(Array("HTTP/1.1 2".utf8)), .unreachable,
            "Recv failure: Connection reset by peer"),
        Case(
            "a reset in the header", .reset(Array("HTTP/1.1 200 OK\r\nDate: ".utf8)), .unreachable,
            "Recv failure: Connection reset by peer"),
        Case(
            "a reset in the body", .reset(Array((head("Content-Length: 9") + "{").utf8)),
            .unreachable, "Recv failure: Connection reset by peer"),
        Case("an end before the first byte", .close, .unreachable, "Empty reply from server"),
        Case(
            "an end in the status line", .raw("HTTP/1.1 2", close: true), .unreachable,
            "Empty reply from server"),
        Case(
            "an end in the header", .raw("HTTP/1.1 200 OK\r\nContent-Le", close: true),
            .unreachable, "the connection was closed within the header"),
        Case(
            "a stall in the header", .begin(Array("HTTP/1.1 200 OK\r\nDate:".utf8)), .unreachable,
            "the answer stopped halfway: nothing came for 2.0 seconds"),
        Case(
            "a stall in the body", .begin(Array((head("Content-Length: 9") + "{").utf8)),
            .unreachable, "the answer stopped halfway: nothing came for 2.0 seconds"),
        Case(
            "a login page",
            .answer(200, "<html>Login</html>", headers: ["Content-Type": "text/html"]), .malformed,
            "the body is no JSON (line 1, column 1: invalid token): text/html: "
                + "\"<html>Login</html>\""),
        Case(
            "a web server's error page",
            .answer(500, "<h1>Oops</h1>", headers: ["Content-Type": "text/html"]), .malformed,
            "500 (text/html: \"<h1>Oops</h1>\")"),
        Case("nothing at all", .answer(204), .malformed, "the body is no JSON (it is empty)"),
        Case(
            "a body in UTF-16", body(utf16), .malformed,
            "the body is no JSON (not UTF-8: byte FF (hexadecimal) at offset 0)"),
        Case(
            "a body nested too deep", body(Array(deep.utf8)), .malformed,
            "the body is no JSON (line 1, column 65: nested more than 64 deep)"),
    ]

    @Test("says what came back to which request and costs no other device", arguments: table)
    func broken(_ broken: Case) async throws {
        let provider = Rack.provider(
            timeouts: RedfishTimeouts(stall: .seconds(2), patience: .zero))
        let server = try TestServer { _ in .holdFor(broken.reply) }
        let healthy = try FakeService(Rack.oneSystem())
        defer {
            server.stop()
            healthy.server.stop()
        }
        let device = Device(name: "d1", bmc: server.url)
        let task = Task {
            await #expect(throws: ProviderError.self) { try await provider.observe(device) }
        }
        await server.wait { $0.inFlight > 0 }
        // While the one BMC keeps us waiting.
        #expect(try await provider.observe(healthy.device("d2")).power == .on)
        server.answerHeld()
        let error = await task.value
        #expect(error?.kind == broken.kind)
        let message = error?.message ?? ""
        #expect(message.hasPrefix("look failed: GET /redfish/v1/: "))
        #expect(message.contains(broken.message))
        #expect(message.count < 300)
    }

    @Test(
        "is accepted where it is clear what is meant",
        arguments: [
            Case(
                "a byte order mark", body([0xEF, 0xBB, 0xBF] + resource.encoded()), .busy, ""),
            Case(
                "another content type",
                .answer(bytes: resource.encoded(), headers: ["Content-Type": "text/plain"]), .busy,
                ""),
            Case(
                "compressed without being asked",
                .answer(
                    bytes: Gzip.stored(resource.encoded()), headers: ["Content-Encoding": "gzip"]),
                .busy, ""),
            Case(
                "leave to go on first",
                .bytes(
                    Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
                        + Array(head("Content-Length: \(resource.encoded().count)").utf8)
                        + resource.encoded(), close: false), .busy, ""),
            Case(
                "a body that ends with the connection",
                .bytes(Array(head().utf8) + resource.encoded(), close: true), .busy, ""),
        ])
    func accepted(_ odd: Case) async throws {
        let service = try FakeService(Rack.oneSystem()) { request, _ in
            request.path == Rack.system ? odd.reply : nil
        }
        defer { service.server.stop() }
        let observation = try await Rack.provider().observe(service.device())
        #expect(observation.power == .on)
    }

    private static let resource = Rack.computer("1")
}
